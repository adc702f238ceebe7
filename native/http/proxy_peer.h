// The proxies that a server believes, by the exact addresses of their connections.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/http/message.h"
#include "native/http/peer.h"

namespace candor {

// A peer as it is compared with HttpPeer's address, or nothing when it is neither "unix" nor an
// address.
std::optional<std::string> ProxyPeer(const std::string& text);

// `address`: as HttpPeer's.
bool IsProxy(const std::string& address, const std::vector<std::string>& proxies);

// Over TLS, from this machine or from one of `proxies`: what is said in between, nobody else reads.
bool MayConnect(const HttpPeer& peer, const std::vector<std::string>& proxies);

// Who sent the request: of the hops in X-Forwarded-For the nearest that is none of `proxies`, whose
// word alone it is; without them the peer. Everything farther is hearsay. An address, or "unix".
std::string SenderBehind(const std::vector<std::string>& proxies, const HttpRequest& request,
                         const HttpPeer& peer);

}  // namespace candor
