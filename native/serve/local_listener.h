// The local API's sockets, served on one thread that sleeps while nobody talks.
//
// Of each socket at most 64 connections at once. A connection that is silent for 5 s is closed, and
// so is one whose request is not whole after 30 s.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/http/http_server.h"
#include "native/http/listen_address.h"

namespace candor {

struct LocalListenerOptions {
  std::vector<ListenAddress> addresses;
  std::optional<gid_t> group;  // May use Unix sockets, too.
  std::string token;           // For TCP.
};

class LocalListener {
 public:
  // Called on the listener's thread, one at a time, with requests that RefuseLocal lets in.
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  // Takes the addresses; whoever connects waits for Start. Errors: kUnavailable, all at once.
  static Result<std::unique_ptr<LocalListener>> Open(const LocalListenerOptions& options);

  // Once. Errors: kUnavailable.
  Problems Start(Handler handler);
  // "unix:/run/candor.sock and 127.0.0.1:4321"
  std::string Where() const { return server_->Where(); }

 private:
  LocalListener(std::string token, std::unique_ptr<HttpServer> server)
      : token_(std::move(token)), server_(std::move(server)) {}

  const std::string token_;
  Handler handler_;
  std::unique_ptr<HttpServer> server_;  // Last: it ends before what it calls.
};

}  // namespace candor
