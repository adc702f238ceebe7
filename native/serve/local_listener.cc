#include "native/serve/local_listener.h"

#include <utility>

#include "native/http/problem.h"
#include "native/serve/local_api.h"

namespace candor {

Result<std::unique_ptr<LocalListener>> LocalListener::Open(const LocalListenerOptions& options) {
  HttpServerOptions server;
  server.addresses = options.addresses;
  server.group = options.group;
  server.most_body_bytes = kMaxLocalBodyBytes;
  Result<std::unique_ptr<HttpServer>> opened = HttpServer::Open(server);
  if (!opened.ok()) return std::move(opened).problems();
  return std::unique_ptr<LocalListener>(
      new LocalListener(options.token, std::move(opened).value()));
}

Problems LocalListener::Start(Handler handler) {
  handler_ = std::move(handler);
  return server_->Start([this](const HttpRequest& head, const HttpPeer& peer) -> HttpNext {
    if (!peer.trusted) return {ProblemAnswer(403, "another user may not ask", {}, true)};
    if (auto refusal = RefuseLocal(head, {!peer.is_unix(), token_})) return {std::move(refusal)};
    return {.then = handler_};
  });
}

}  // namespace candor
