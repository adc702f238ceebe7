// Many keep-alive connections to HTTP servers on this machine, on one thread: raw sockets, epoll.
//
// One request at a time on each. What they cost is a write, a read and their share of a wait.
#pragma once

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

class LoadConnections {
 public:
  struct Answer {
    int status = 0;  // 0: the connection ended without a whole answer.
    bool retry_after = false;
    std::string_view body;
  };
  // Told of each request once.
  using Done = std::function<void(std::uint64_t tag, const Answer& answer)>;

  // `count` of them to each of `servers`.
  LoadConnections(std::size_t count, std::size_t servers, Done done);
  ~LoadConnections();
  LoadConnections(const LoadConnections&) = delete;
  LoadConnections& operator=(const LoadConnections&) = delete;

  // Where a server listens from now on; at 0, nothing is sent to it.
  void MoveTo(std::size_t server, std::uint16_t port);
  bool HasRoom() const;
  // REQUIRES: HasRoom().
  void Send(std::uint64_t tag, std::string request);
  // Waits for answers at most so long, and takes all that are there.
  void Turn(int timeout_ms);
  // Ends a server's connections; answers that nobody took yet count as lost.
  void Drop(std::size_t server);
  // Takes what a server that is gone still said.
  void TakeLeft(std::size_t server);
  std::size_t busy() const { return busy_; }

 private:
  struct Connection {
    std::size_t server = 0;
    int socket = -1;
    bool busy = false;
    std::uint64_t tag = 0;
    std::size_t sent = 0;  // Of `out`.
    std::string out, in;
  };
  struct Server {
    std::uint16_t port = 0;
    std::vector<Connection*> idle;
  };

  bool Open(Connection& connection);
  void Write(Connection& connection);
  void Read(Connection& connection);
  // The whole answer that `in` begins with, taken; false when it is not there yet.
  bool TakeAnswer(Connection& connection);
  void End(Connection& connection);
  void Tell(Connection& connection, const Answer& answer);

  const Done done_;
  const int epoll_;
  std::vector<Connection> connections_;
  std::vector<Server> servers_;
  std::vector<epoll_event> events_;
  std::size_t next_ = 0, busy_ = 0;
};

}  // namespace candor
