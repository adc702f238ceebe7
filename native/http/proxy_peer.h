// The proxies that a server believes, by the exact addresses of their connections.
#pragma once

#include <optional>
#include <string>

namespace candor {

// A peer as it is compared with HttpPeer's address, or nothing when it is neither "unix" nor an
// address.
std::optional<std::string> ProxyPeer(const std::string& text);

}  // namespace candor
