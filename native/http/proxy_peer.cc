#include "native/http/proxy_peer.h"

#include <arpa/inet.h>

#include <array>
#include <string_view>

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

}  // namespace candor
