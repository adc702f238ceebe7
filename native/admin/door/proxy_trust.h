// Users whom a trusted reverse proxy names, as oauth2-proxy does with --pass-user-headers:
// X-Forwarded-User, -Email, -Preferred-Username and -Groups (separated by commas); or with
// --set-xauthrequest behind a server that copies its answer: X-Auth-Request-User and so on.
//
// Whoever can reach a trusted proxy may send such headers to it, and it replaces those it knows. So
// only one of the two families is believed, the other one is refused, and from any other peer both
// are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "native/admin/admin_request.h"
#include "native/http/message.h"
#include "native/http/peer.h"
#include "native/http/proxy_peer.h"

namespace candor {

struct ProxyOptions {
  // Exact addresses, or "unix" for every peer on a Unix socket. None: no proxy is trusted.
  std::vector<std::string> peers;
  bool auth_request_headers = false;  // X-Auth-Request-* in place of X-Forwarded-*.
  // By user or e-mail address, case counts.
  std::vector<std::string> superusers;
  std::vector<std::string> superuser_groups = {"camunda-admin"};
  // None: every user whom the proxy lets through may look.
  std::vector<std::string> viewer_groups;
};

// What a user may be called by others than accounts: UTF-8 without control characters, at most so
// many bytes. "" is such a text.
inline constexpr std::size_t kMostUserBytes = 256;
bool IsUserText(std::string_view text);

class ProxyTrust {
 public:
  // REQUIRES: peers as ProxyPeer gave them.
  explicit ProxyTrust(ProxyOptions options) : options_(std::move(options)) {}

  bool is_used() const { return !options_.peers.empty(); }
  bool Trusts(const HttpPeer& peer) const;

  struct Named {
    std::string user;  // "" when the request names nobody.
    Role role = Role::kNone;
    std::string refusal;  // Why the request is refused (400); "" when it is not.
  };
  Named UserOf(const HttpRequest& request, const HttpPeer& peer) const;

  // The address of who asks.
  std::string ClientOf(const HttpRequest& request, const HttpPeer& peer) const {
    return SenderBehind(options_.peers, request, peer);
  }

  // What these names may do.
  Role RoleOf(const std::string& user, const std::string& email,
              const std::vector<std::string>& groups) const;

 private:
  const ProxyOptions options_;
};

}  // namespace candor
