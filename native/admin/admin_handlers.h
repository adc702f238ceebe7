// Who answers what the admin server lets in. Both are called on several threads at once, and must
// not throw for what came from outside.
#pragma once

#include <optional>

#include "native/admin/admin_request.h"
#include "native/admin/routes.h"
#include "native/http/message.h"
#include "native/http/peer.h"

namespace candor {

// Status, previews, consent, reports: what one configuration in force has to say.
class AdminHandlers {
 public:
  virtual ~AdminHandlers() = default;
  // REQUIRES: the route is one of RouteOwner::kHandlers; the caller's role is enough; the body is
  // whole, within its limit and said to be JSON (it may still be anything); If-Match is there where
  // the route needs it.
  virtual HttpAnswer Answer(RouteId route, const AdminRequest& request) = 0;
};

// Who somebody is, and what may be done about that.
class Doorkeeper {
 public:
  virtual ~Doorkeeper() = default;

  struct Identified {
    Caller caller;
    // Instead of going on: 429 for who guesses passwords, 503 while accounts cannot be read.
    std::optional<HttpAnswer> refusal = std::nullopt;
  };
  // By cookie, Authorization, or what a trusted proxy says. Before the body is read. A wrong or
  // missing sign-in is no refusal but a caller of role kNone.
  virtual Identified Identify(const HttpRequest& request, const HttpPeer& peer) = 0;
  // What is wrong with X-Candor-Token where the route needs one: 403. A caller without a cookie
  // (Authorization: Basic) needs none.
  virtual std::optional<HttpAnswer> RefuseToken(const HttpRequest& request,
                                                const Caller& caller) = 0;
  // Whether what Identify said holds still, cheaply: asked when a body has come, and now and then
  // for streams of events. Does not count as use of a session.
  virtual bool StillIn(const Caller& caller) = 0;
  // REQUIRES: as AdminHandlers::Answer; the route is one of RouteOwner::kDoorkeeper.
  virtual HttpAnswer Answer(RouteId route, const AdminRequest& request) = 0;
};

}  // namespace candor
