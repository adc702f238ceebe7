// The local API of a running service: listens through every change of the configuration.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/serve/local_listener.h"
#include "native/serve/local_service.h"
#include "native/serve/own_metrics.h"

namespace candor {

struct LocalServerOptions {
  std::vector<std::string> listen;  // As ParseListenAddress reads them; none for no API.
  std::string group;                // May use Unix sockets, too; "" for none.
};

class LocalServer {
 public:
  // Takes the addresses, and makes the token where one is needed. `events` is borrowed. Null for no
  // addresses. Errors: those of ParseListenAddress, FindGroup, LoadApiToken and
  // LocalListener::Open, all at once.
  static Result<std::unique_ptr<LocalServer>> Open(const LocalServerOptions& options,
                                                   const std::string& state_folder,
                                                   OwnEvents& events);
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  // From now on `service` is asked; when this returns, nobody uses the one before.
  void Use(Service& service);
  // Errors: those of LocalListener::Start. REQUIRES: Use was called.
  Problems Start();

  std::string Where() const { return listener_->Where(); }

 private:
  LocalServer(std::unique_ptr<LocalListener> listener, OwnEvents& events);
  HttpAnswer Answer(const HttpRequest& request);

  const UnixMillis started_at_;
  OwnEvents& events_;
  std::mutex mutex_;  // Of the target, held while it answers.
  std::unique_ptr<LocalService> target_;
  std::unique_ptr<LocalListener> listener_;  // Last: it ends before what it calls.
};

}  // namespace candor
