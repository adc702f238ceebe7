// HTTP/1.1 on Unix sockets and TCP, with TLS if need be: libmicrohttpd with epoll, on a few threads
// that sleep while nobody talks.
//
// A connection that is silent for `silence_s` is closed, and so is one whose request is not whole
// after `most_request_ms`, or whose answer is not taken at 32 kB/s. Answers that go on
// (EventStream) are closed only when they end, or the other side takes nothing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/http/http_reply.h"
#include "native/http/listen_address.h"
#include "native/http/message.h"
#include "native/http/peer.h"
#include "native/http/tls.h"

namespace candor {

// What becomes of a request whose head is there: one of the three.
struct HttpNext {
  // At once, whatever of the body is still to come.
  std::optional<HttpAnswer> answer = std::nullopt;
  // When the body is there, too.
  std::function<HttpAnswer(const HttpRequest&)> then = nullptr;
  // The same, for what takes its time: the thread goes on with others meanwhile.
  std::function<void(HttpRequest request, HttpReply reply)> later = nullptr;
};

// Called on several threads at once. The request has no body yet; its lengths were not looked at
// (RefuseBody does).
using HttpHandler = std::function<HttpNext(const HttpRequest& head, const HttpPeer& peer)>;

struct HttpServerOptions {
  std::vector<ListenAddress> addresses;
  std::optional<gid_t> group;      // May use Unix sockets, too.
  std::optional<TlsIdentity> tls;  // For TCP; Unix sockets go without.
  unsigned threads = 1;
  unsigned most_connections = 64;  // Of each socket, on each thread.
  unsigned silence_s = 5;
  std::int64_t most_request_ms = 30'000;
  std::size_t head_bytes = std::size_t{24} << 10;  // Of one connection.
  std::size_t most_body_bytes = std::size_t{1} << 20;
  // Of all bodies that are coming in, of each socket, on each thread. When there is more, the
  // longest is cut off: who sends little is not in the way.
  std::size_t most_held_bytes = std::size_t{64} << 20;
};

class HttpServer {
 public:
  // Takes the addresses; whoever connects waits for Start. Errors: kUnavailable, all at once.
  static Result<std::unique_ptr<HttpServer>> Open(const HttpServerOptions& options);
  // Ends the threads; who is connected is cut off.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Once. Errors: kUnavailable.
  Problems Start(HttpHandler handler);
  // "unix:/run/candor.sock and 127.0.0.1:4321"
  std::string Where() const;
  // With the ports that were found.
  std::vector<ListenAddress> Addresses() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
