// One socket served on one thread. Internal to native/http.
#pragma once

#include <microhttpd.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "native/http/http_server.h"
#include "native/http/listen_socket.h"

namespace candor {

class HttpGate {
 public:
  // All borrowed.
  HttpGate(const HttpServerOptions& options, const HttpHandler& handler, ListenSocket& socket);
  ~HttpGate();
  HttpGate(const HttpGate&) = delete;
  HttpGate& operator=(const HttpGate&) = delete;

  bool Start();
  // What to wait for, with poll, and how long: -1 while nobody is connected.
  int descriptor() const;
  int wake_descriptor() const { return wake_; }
  int TimeoutMs() const;
  // Does what there is to do.
  void Turn();

 private:
  struct Exchange;
  struct Stream;
  // One that is open.
  struct Connection {
    HttpPeer peer;
    std::int64_t deadline_ms = 0;  // When it is cut off, of SystemClock().BootMillis().
  };
  struct DaemonDeleter {
    void operator()(MHD_Daemon* daemon) const { MHD_stop_daemon(daemon); }
  };

  MHD_Result Take(MHD_Connection* connection, Exchange& exchange, const char* method,
                  const char* more, std::size_t* size);
  MHD_Result Hold(Exchange& exchange, const char* more, std::size_t size);
  void LetGo(Exchange& exchange);
  void Cut(Exchange& exchange);
  MHD_Result Begin(MHD_Connection* connection, Exchange& exchange, const char* method);
  MHD_Result Queue(MHD_Connection* connection, HttpAnswer answer);
  MHD_Response* Respond(MHD_Connection* connection, HttpAnswer& answer);
  void ResumeStreams();
  void ResumeAnswered();
  MHD_Result Wait(MHD_Connection* connection, Exchange& exchange);
  void CutSlow();
  HttpPeer PeerAt(int descriptor) const;
  static Connection* ConnectionOf(MHD_Connection* connection);
  static void SetDeadline(MHD_Connection* connection, std::int64_t most_ms);

  static void* OnTarget(void* self, const char* target, MHD_Connection* connection);
  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* url,
                              const char* method, const char* version, const char* more,
                              std::size_t* size, void** exchange);
  static void OnEnd(void* self, MHD_Connection* connection, void** exchange,
                    MHD_RequestTerminationCode code);
  static void OnConnection(void* self, MHD_Connection* connection, void** context,
                           MHD_ConnectionNotificationCode code);
  static ssize_t OnMore(void* stream, std::uint64_t at, char* to, std::size_t size);
  static void OnStreamEnd(void* stream);

  const HttpServerOptions& options_;
  const HttpHandler& handler_;
  ListenSocket& socket_;
  std::map<MHD_Connection*, Connection> connections_;
  std::int64_t next_cut_ms_ = 0;
  std::set<std::pair<std::size_t, Exchange*>> bodies_;  // That come in, by their bytes so far.
  std::size_t held_bytes_ = 0;                          // Of all of them.
  std::set<Stream*> streams_;                           // Owned by their responses.
  // An eventfd: some of them have something to say, or an answer has come.
  const int wake_;
  struct Waiting {
    MHD_Connection* connection;
    Exchange* exchange;  // libmicrohttpd's, until the connection is resumed.
  };
  std::map<std::uint64_t, Waiting> waiting_;  // By HttpReply's number.
  std::uint64_t next_waiting_ = 0;
  const std::shared_ptr<HttpReplies> replies_;
  std::unique_ptr<MHD_Daemon, DaemonDeleter> daemon_;
};

}  // namespace candor
