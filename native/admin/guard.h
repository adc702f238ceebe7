// Where a request of the admin API comes from, before anybody asks who sent it: the name it was
// sent to (DNS rebinding), and the page it was sent from (cross-site requests). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/admin/routes.h"
#include "native/http/listen_address.h"
#include "native/http/message.h"
#include "native/http/peer.h"

namespace candor {

class Guard {
 public:
  // `addresses` with the ports that were found; `names`: further ones that people type, with a port
  // or for every port, as `--admin-host` has them. `tls`: TCP is spoken to with TLS.
  Guard(const std::vector<ListenAddress>& addresses, const std::vector<std::string>& names,
        bool tls);

  // What is wrong with the head, whoever sent it. Targets that are no path, and 0 or several Hosts:
  // 400; another Host: 421; an Origin or Sec-Fetch-Site that is not the page's own: 403, save for
  // somebody who follows a link to the page ("/").
  std::optional<HttpAnswer> Refuse(const HttpRequest& head, const HttpPeer& peer) const;

 private:
  bool KnowsHost(std::string_view host, const HttpPeer& peer) const;

  std::vector<std::string> hosts_;  // "127.0.0.1:8080", "localhost:8080", "admin.example"
};

// What is wrong with the body's lengths and type, If-Match and the query, for this route: 400, 411,
// 413, 415, 428.
std::optional<HttpAnswer> RefuseShape(const HttpRequest& head, const Route& route);

// Whether a Host, lower case, may be one: a name or an address, with a port or without.
bool IsHost(std::string_view host);

}  // namespace candor
