#include "native/serve/listen_address.h"

#include <sys/un.h>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kV4 = "127.0.0.1:";
constexpr std::string_view kV6 = "[::1]:";
constexpr std::size_t kMaxPathBytes = sizeof(sockaddr_un::sun_path) - 1;

Error Wrong(const std::string& text, const std::string& why) {
  return {ErrorCode::kOutOfRange, "--listen " + Quotable(text, 200), why};
}

Result<ListenAddress> ParsePath(const std::string& text) {
  ListenAddress address;
  address.path = text.substr(kUnix.size());
  if (!address.path.starts_with('/') || address.path.ends_with('/')) {
    return Wrong(text, "must name the socket by its whole path, as unix:/run/candor/candor.sock");
  }
  if (address.path.size() > kMaxPathBytes) {
    return Error{
        ErrorCode::kOverLimit, "--listen " + Quotable(text, 200),
        "a socket's path may have " + Decimal(static_cast<std::int64_t>(kMaxPathBytes)) + " bytes"};
  }
  return address;
}

Result<ListenAddress> ParsePort(const std::string& text, std::size_t begin) {
  ListenAddress address;
  address.v6 = text.front() == '[';
  std::int64_t port = -1;
  const std::string digits = text.substr(begin);
  if (digits.find_first_not_of("0123456789") != std::string::npos || !ParseDecimal(digits, &port) ||
      port > 65535) {
    return Wrong(text, "the port must be a number from 1 to 65535, or 0 for any that is free");
  }
  address.port = static_cast<std::uint16_t>(port);
  return address;
}

}  // namespace

Result<ListenAddress> ParseListenAddress(const std::string& text) {
  if (text.starts_with(kUnix)) return ParsePath(text);
  if (text.starts_with(kV4)) return ParsePort(text, kV4.size());
  if (text.starts_with(kV6)) return ParsePort(text, kV6.size());
  return Wrong(text,
               "must be unix:/PATH, 127.0.0.1:PORT or [::1]:PORT; only this machine is "
               "listened to");
}

std::string Text(const ListenAddress& address) {
  if (!address.path.empty()) return std::string(kUnix) + address.path;
  return std::string(address.v6 ? kV6 : kV4) + Decimal(address.port);
}

}  // namespace candor
