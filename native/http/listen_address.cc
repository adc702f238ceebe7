#include "native/http/listen_address.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <array>
#include <optional>

#include "core/text.h"
#include "native/http/peer.h"

namespace candor {
namespace {

constexpr std::string_view kUnix = "unix:", kV4 = "127.0.0.1", kV6 = "::1";
constexpr std::size_t kMaxPathBytes = sizeof(sockaddr_un::sun_path) - 1;

Error Wrong(const std::string& flag, const std::string& text, const std::string& why) {
  return {ErrorCode::kOutOfRange, flag + " " + Quotable(text, 200), why};
}

Result<ListenAddress> ParsePath(const std::string& text, const std::string& flag) {
  ListenAddress address;
  address.flag = flag;
  address.path = text.substr(kUnix.size());
  if (!address.path.starts_with('/') || address.path.ends_with('/')) {
    return Wrong(flag, text,
                 "must name the socket by its whole path, as unix:/run/candor/candor.sock");
  }
  if (address.path.size() > kMaxPathBytes) {
    return Error{
        ErrorCode::kOverLimit, flag + " " + Quotable(text, 200),
        "a socket's path may have " + Decimal(static_cast<std::int64_t>(kMaxPathBytes)) + " bytes"};
  }
  return address;
}

// "127.0.0.1" and "[::1]" as inet_ntop writes them; nothing for names and other spellings.
std::optional<std::string> ReadIp(std::string_view host) {
  const bool v6 = host.starts_with('[') && host.ends_with(']');
  const std::string text(v6 ? host.substr(1, host.size() - 2) : host);
  std::array<unsigned char, sizeof(in6_addr)> bytes;
  std::array<char, INET6_ADDRSTRLEN> written;
  const int family = v6 ? AF_INET6 : AF_INET;
  if (::inet_pton(family, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return ::inet_ntop(family, bytes.data(), written.data(), written.size());
}

Result<ListenAddress> ParsePort(const std::string& text, ListenAddress address, std::size_t begin) {
  std::int64_t port = -1;
  const std::string digits = text.substr(begin);
  if (digits.find_first_not_of("0123456789") != std::string::npos || !ParseDecimal(digits, &port) ||
      port > 65535) {
    return Wrong(address.flag, text,
                 "the port must be a number from 1 to 65535, or 0 for any that is free");
  }
  address.port = static_cast<std::uint16_t>(port);
  return address;
}

}  // namespace

bool ListenAddress::local() const { return !path.empty() || IsLoopback(ip); }

Result<ListenAddress> ParseListenAddress(const std::string& text, const std::string& flag,
                                         ListenReach reach) {
  if (text.starts_with(kUnix)) return ParsePath(text, flag);
  const std::size_t colon = text.rfind(':');
  if (colon != std::string::npos) {
    const std::optional<std::string> ip = ReadIp(std::string_view(text).substr(0, colon));
    if (ip && (reach == ListenReach::kAnywhere || *ip == kV4 || *ip == kV6)) {
      ListenAddress address;
      address.ip = *ip;
      address.flag = flag;
      return ParsePort(text, std::move(address), colon + 1);
    }
  }
  return Wrong(flag, text,
               reach == ListenReach::kAnywhere
                   ? "must be unix:/PATH, 127.0.0.1:PORT, [::1]:PORT or another ADDRESS:PORT of "
                     "this machine; names are not looked up"
                   : "must be unix:/PATH, 127.0.0.1:PORT or [::1]:PORT; only this machine is "
                     "listened to");
}

std::string Text(const ListenAddress& address) {
  if (!address.path.empty()) return std::string(kUnix) + address.path;
  const std::string host = address.v6() ? "[" + address.ip + "]" : address.ip;
  return host + ":" + Decimal(address.port);
}

}  // namespace candor
