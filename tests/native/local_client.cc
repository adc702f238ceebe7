#include "tests/native/local_client.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace candor {
namespace {

int ConnectUnix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return socket;
  }
  ::close(socket);
  return -1;
}

int ConnectTcp(const std::string& text) {
  const auto port = static_cast<std::uint16_t>(std::atoi(text.substr(text.rfind(':') + 1).c_str()));
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = v4.sin_port;
  v6.sin6_addr = in6addr_loopback;
  const bool is_v6 = text.front() == '[';
  const int socket = ::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto* const address =
      is_v6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  if (::connect(socket, address, is_v6 ? sizeof v6 : sizeof v4) == 0) return socket;
  ::close(socket);
  return -1;
}

// Of the only Content-Length; 0 without one.
std::size_t LengthOf(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  return at == std::string::npos
             ? 0
             : static_cast<std::size_t>(std::atoll(head.c_str() + at + sizeof("Content-Length:")));
}

}  // namespace

LocalClient::LocalClient(const std::string& address, std::chrono::milliseconds patience)
    : descriptor_(address.starts_with("unix:") ? ConnectUnix(address.substr(5))
                                               : ConnectTcp(address)) {
  if (descriptor_ < 0) return;
  const timeval most = {patience.count() / 1000, patience.count() % 1000 * 1000};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
}

LocalClient::~LocalClient() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool LocalClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

ClientAnswer LocalClient::Receive(bool head_only) {
  std::array<char, 65536> block;
  for (;;) {
    const std::size_t end = left_.find("\r\n\r\n");
    if (end != std::string::npos) {
      ClientAnswer answer;
      answer.head = left_.substr(0, end + 2);
      const std::size_t whole = end + 4 + (head_only ? 0 : LengthOf(answer.head));
      if (left_.size() >= whole) {
        answer.status = std::atoi(answer.head.c_str() + sizeof("HTTP/1.1"));
        answer.body = left_.substr(end + 4, whole - end - 4);
        left_.erase(0, whole);
        return answer;
      }
    }
    const ssize_t size = ::recv(descriptor_, block.data(), block.size(), 0);
    if (size <= 0) return {};
    left_.append(block.data(), static_cast<std::size_t>(size));
  }
}

bool LocalClient::WaitFor(std::string_view text) {
  std::array<char, 65536> block;
  for (;;) {
    const std::size_t at = left_.find(text);
    if (at != std::string::npos) {
      left_.erase(0, at + text.size());
      return true;
    }
    const ssize_t size = ::recv(descriptor_, block.data(), block.size(), 0);
    if (size <= 0) return false;
    left_.append(block.data(), static_cast<std::size_t>(size));
  }
}

bool LocalClient::Ends() {
  std::array<char, 4096> block;
  ssize_t size = 0;
  while ((size = ::recv(descriptor_, block.data(), block.size(), 0)) > 0) {
  }
  return size == 0 || errno == ECONNRESET;
}

std::string RequestText(std::string_view method, std::string_view target, std::string_view body,
                        std::string_view headers) {
  std::string request(method);
  request.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
  if (method == "POST" || method == "PUT") {
    request +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return request.append("\r\n").append(body);
}

ClientAnswer AskOnce(const std::string& address, std::string_view request) {
  LocalClient client(address);
  return client.connected() ? client.Ask(request) : ClientAnswer{};
}

}  // namespace candor
