#include "native/http/proxy_peer.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "native/http/headers.h"

namespace candor {

std::optional<std::string> ProxyPeer(const std::string& text) {
  if (text == "unix") return text;
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, text.c_str(), bytes.data()) != 1) continue;
    inet_ntop(family, bytes.data(), written.data(), written.size());
    const std::string_view address = written.data();
    // IPv4 in IPv6's clothes, as HttpPeer writes it.
    constexpr std::string_view kMapped = "::ffff:";
    const bool mapped =
        address.substr(0, kMapped.size()) == kMapped && address.find('.') != address.npos;
    return std::string(mapped ? address.substr(kMapped.size()) : address);
  }
  return std::nullopt;
}

bool IsProxy(const std::string& address, const std::vector<std::string>& proxies) {
  return std::find(proxies.begin(), proxies.end(), address) != proxies.end();
}

bool MayConnect(const HttpPeer& peer, const std::vector<std::string>& proxies) {
  return peer.tls || peer.is_this_machine() || IsProxy(peer.address, proxies);
}

std::string SenderBehind(const std::vector<std::string>& proxies, const HttpRequest& request,
                         const HttpPeer& peer) {
  std::string sender = peer.address;
  for (auto field = request.headers.rbegin(); field != request.headers.rend(); ++field) {
    if (!EqualNames(field->first, "X-Forwarded-For")) continue;
    std::string_view rest = field->second;
    while (!rest.empty() && IsProxy(sender, proxies)) {
      const std::size_t comma = rest.rfind(',');
      const std::string_view hop = Trimmed(comma == rest.npos ? rest : rest.substr(comma + 1));
      rest = comma == rest.npos ? "" : rest.substr(0, comma);
      const auto address = ProxyPeer(std::string(hop));
      // What is no address was not written by a proxy of ours: nobody knows who is behind it.
      if (!address || *address == "unix") return sender;
      sender = *address;
    }
  }
  return sender;
}

}  // namespace candor
