#include "tests/native/fake_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string_view>
#include <utility>

namespace candor {

FakeServer::FakeServer(std::function<void(int)> serve)
    : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  ::listen(listener_, 16);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

FakeServer::~FakeServer() {
  ends_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  if (const int socket = current_; socket >= 0) ::shutdown(socket, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void FakeServer::Run() {
  while (!ends_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    current_ = socket;
    ++connections_;
    if (!ends_) serve_(socket);
    current_ = -1;
    ::close(socket);
  }
}

bool WriteAll(int socket, const std::string& bytes) {
  for (std::string_view left = bytes; !left.empty();) {
    const ssize_t size = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    left.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string ReadSome(int socket, std::size_t most) {
  std::string bytes(most, '\0');
  const ssize_t size = ::recv(socket, bytes.data(), most, 0);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

}  // namespace candor
