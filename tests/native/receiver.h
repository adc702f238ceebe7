// A scripted HTTP(S) receiver on 127.0.0.1, for tests: it keeps what it gets and answers as told,
// or misbehaves as told. It can also be a proxy.
//
// Each connection has one request and a thread of its own. All functions are safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/native/certificates.h"

namespace candor {

struct Received {
  std::string start;                                         // "POST /pings HTTP/1.1"
  std::vector<std::pair<std::string, std::string>> headers;  // As they came.
  std::string body;
  bool complete = false;  // All that Content-Length promised was read.
  // The value of the only field of this name (case ignored), "" when there is none or several.
  std::string Header(const std::string& name) const;
  // Whether Content-Digest is the body's.
  bool HasItsDigest() const;
};

// What happens to one connection. By default the request is read and accepted with 202.
struct Script {
  enum class Stage {
    kAccepted,  // Before anything is read.
    kTls,       // TLS stands, nothing else was read.
    kHeader,    // The request's header was read.
    kBody,      // Half of its body was, too.
    kRequest,   // All of it was.
    kAnswered,  // The answer is written.
  };
  enum class Act {
    kClose,
    kCut,  // As kClose, without TLS's farewell.
    kReset,
    kStall,  // Until the receiver ends.
  };

  Stage until = Stage::kAnswered;  // Then comes `act`.
  Act act = Act::kClose;
  // The bytes of the answer, "" for 202 with a receipt. Also comes after a stage before kRequest,
  // when `early` is set.
  std::string answer;
  bool early = false;
  std::chrono::milliseconds pause{0};     // Before `act`, so that what came first is read first.
  std::string endless;                    // After the answer, again and again.
  std::chrono::milliseconds per_byte{0};  // Of the answer.
  bool accepts = true;                    // Counts as accepted once all was read.
};

// "HTTP/1.1 503 \r\nContent-Length: 0\r\nRetry-After: 5\r\n\r\n", of which only 2xx accepts.
Script Answers(int status, const std::string& fields = "");

struct ReceiverOptions {
  bool tls = false;
  Identity identity;      // Required with TLS.
  bool old_tls = false;   // 1.1 at most.
  std::string client_ca;  // PEM: clients must show a certificate of this authority.
  // A proxy: every CONNECT leads to this port of 127.0.0.1, whatever it asks for.
  std::uint16_t tunnel_to = 0;
  std::string proxy_authorization;  // The value that a CONNECT needs, "" for none.
  std::uint16_t port = 0;           // 0 for a free one.
  // Asked once a request is whole: what to do instead of the script. From a connection's thread.
  std::function<Script(const Received&)> decide;
};

class Receiver {
 public:
  explicit Receiver(ReceiverOptions options = {});
  ~Receiver();  // Ends every connection.
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::uint16_t port() const;
  // "http://127.0.0.1:PORT/pings"
  std::string Endpoint(const std::string& host = "127.0.0.1") const;

  // For the next connections, in order; when none is left, `always` is played.
  void Play(std::vector<Script> scripts);
  void PlayAlways(Script always);

  std::size_t connections() const;         // How many were accepted by the socket.
  std::vector<Received> requests() const;  // In the order in which their headers were read.
  std::size_t body_bytes() const;          // Of all requests, complete or not.

  // What was accepted, once per Idempotency-Key, and how often.
  struct Accepted {
    std::string body;
    std::size_t times = 0;
    bool differed = false;  // One key came with two bodies.
  };
  std::map<std::string, Accepted> accepted() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
