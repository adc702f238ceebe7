// The admin API as one function from the head of a request to what becomes of it: who it is for
// (Guard), which route it takes, who asks (Doorkeeper), whether they may, and who answers. Sockets
// are AdminServer's. Thread-safe.
#pragma once

#include <span>

#include "native/admin/admin_events.h"
#include "native/admin/admin_handlers.h"
#include "native/admin/guard.h"
#include "native/http/http_server.h"
#include "native/http/page.h"

namespace candor {

class AdminApi {
 public:
  // All borrowed.
  AdminApi(Guard guard, Doorkeeper& doorkeeper, AdminHandlers& handlers, AdminEvents& events,
           std::span<const PageFile> page);

  // Every answer has its security headers; those to HEAD may have a body, which is not sent.
  HttpNext Begin(const HttpRequest& head, const HttpPeer& peer);

 private:
  struct Call;
  HttpNext Admit(const HttpRequest& head, const HttpPeer& peer);
  HttpAnswer Answer(const Call& call, const HttpRequest& request);
  HttpAnswer AnswerItself(const Call& call, const AdminRequest& request);
  HttpAnswer Follow(const AdminRequest& request);

  const Guard guard_;
  Doorkeeper& doorkeeper_;
  AdminHandlers& handlers_;
  AdminEvents& events_;
  const std::span<const PageFile> page_;
};

}  // namespace candor
