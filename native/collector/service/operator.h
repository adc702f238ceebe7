// Whether somebody is this machine's own: its operator, who may see what nobody else is told.
#pragma once

#include <string>
#include <vector>

#include "native/http/message.h"
#include "native/http/peer.h"

namespace candor {

// From loopback or a Unix socket, by one of loopback's names (so that no page of somebody else gets
// here by a name of its own), and not through a proxy, who speaks for anybody. `proxies`: as
// ProxyAddresses has them.
bool IsOperator(const HttpRequest& head, const HttpPeer& peer,
                const std::vector<std::string>& proxies);

}  // namespace candor
