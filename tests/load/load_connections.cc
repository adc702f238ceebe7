#include "tests/load/load_connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

namespace candor {
namespace {

constexpr std::size_t kReadBytes = 16384;

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "load: %s: %s\n", what, std::strerror(errno));
  std::exit(2);
}

// The value of a header that servers write in this case.
std::optional<std::string_view> HeaderIn(std::string_view head, std::string_view name) {
  for (std::size_t at = 1; (at = head.find(name, at)) != std::string_view::npos; ++at) {
    if (head[at - 1] != '\n') continue;
    at += name.size();
    return head.substr(at, head.find('\r', at) - at);
  }
  return std::nullopt;
}

template <typename Number>
Number NumberIn(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

LoadConnections::LoadConnections(std::size_t count, std::size_t servers, Done done)
    : done_(std::move(done)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(count * servers),
      servers_(servers),
      events_(256) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    connections_[i].server = i % servers;
    servers_[i % servers].idle.push_back(&connections_[i]);
  }
}

LoadConnections::~LoadConnections() {
  for (const Connection& connection : connections_) {
    if (connection.socket >= 0) ::close(connection.socket);
  }
  ::close(epoll_);
}

void LoadConnections::MoveTo(std::size_t server, std::uint16_t port) {
  servers_[server].port = port;
}

bool LoadConnections::HasRoom() const {
  for (const Server& server : servers_) {
    if (server.port != 0 && !server.idle.empty()) return true;
  }
  return false;
}

void LoadConnections::Send(std::uint64_t tag, std::string request) {
  Server* server = nullptr;
  do {
    server = &servers_[next_++ % servers_.size()];
  } while (server->port == 0 || server->idle.empty());
  Connection& connection = *server->idle.back();
  server->idle.pop_back();
  connection.busy = true;
  connection.tag = tag;
  connection.sent = 0;
  connection.out = std::move(request);
  ++busy_;
  if (connection.socket >= 0 || Open(connection)) return Write(connection);
  End(connection);
}

bool LoadConnections::Open(Connection& connection) {
  connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (connection.socket < 0) Die("socket");
  const int one = 1;
  ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(servers_[connection.server].port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* const to = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(connection.socket, to, sizeof address) != 0 && errno != EINPROGRESS) return false;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = &connection;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event) != 0) Die("epoll_ctl");
  return true;
}

void LoadConnections::Write(Connection& connection) {
  while (connection.sent < connection.out.size()) {
    const ssize_t sent =
        ::send(connection.socket, connection.out.data() + connection.sent,
               connection.out.size() - connection.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    // Whoever ends it may have answered before: reading tells.
    if (sent < 0) return;
    connection.sent += static_cast<std::size_t>(sent);
  }
}

void LoadConnections::Read(Connection& connection) {
  char bytes[kReadBytes];
  for (;;) {
    const ssize_t got = ::recv(connection.socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return End(connection);
    connection.in.append(bytes, static_cast<std::size_t>(got));
    while (connection.socket >= 0 && TakeAnswer(connection)) {
    }
    if (connection.socket < 0 || got < static_cast<ssize_t>(sizeof bytes)) return;
  }
}

bool LoadConnections::TakeAnswer(Connection& connection) {
  const std::string_view in = connection.in;
  const std::size_t end = in.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  const auto length =
      NumberIn<std::size_t>(HeaderIn(in.substr(0, end + 2), "Content-Length: ").value_or("0"));
  if (in.size() < end + 4 + length) return false;
  if (!connection.busy) {
    End(connection);  // An answer to nothing, such as to silence.
    return false;
  }
  const std::string taken = std::exchange(connection.in, connection.in.substr(end + 4 + length));
  const std::string_view answered = std::string_view(taken).substr(0, end + 2);
  const bool ends = HeaderIn(answered, "Connection: ").value_or("") == "close";
  if (ends) {
    ::close(std::exchange(connection.socket, -1));
    connection.in.clear();
  }
  Tell(connection, {.status = NumberIn<int>(answered.substr(9, 3)),
                    .retry_after = HeaderIn(answered, "Retry-After: ").has_value(),
                    .body = std::string_view(taken).substr(end + 4, length)});
  return !ends;
}

void LoadConnections::Tell(Connection& connection, const Answer& answer) {
  connection.busy = false;
  --busy_;
  servers_[connection.server].idle.push_back(&connection);
  done_(connection.tag, answer);
}

void LoadConnections::End(Connection& connection) {
  if (connection.socket >= 0) ::close(std::exchange(connection.socket, -1));
  connection.in.clear();
  if (connection.busy) Tell(connection, {});
}

void LoadConnections::Turn(int timeout_ms) {
  int count = 0;
  do {
    count = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
      Connection& connection =
          *static_cast<Connection*>(events_[static_cast<unsigned>(i)].data.ptr);
      if (connection.socket < 0) continue;
      Write(connection);
      Read(connection);
    }
    timeout_ms = 0;
  } while (count == static_cast<int>(events_.size()));
}

void LoadConnections::TakeLeft(std::size_t server) {
  for (Connection& connection : connections_) {
    if (connection.server == server && connection.socket >= 0) Read(connection);
  }
}

void LoadConnections::Drop(std::size_t server) {
  for (Connection& connection : connections_) {
    if (connection.server == server) End(connection);
  }
}

}  // namespace candor
