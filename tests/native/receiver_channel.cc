#include "tests/native/receiver_channel.h"

#include <sys/socket.h>

#include <array>

namespace candor {

bool Channel::AcceptTls(SSL_CTX* context) {
  ssl_.reset(SSL_new(context));
  return SSL_set_fd(ssl_.get(), socket_) == 1 && SSL_accept(ssl_.get()) == 1;
}

bool Channel::Read(std::string* out) {
  std::array<char, 16 * 1024> block;
  const ssize_t size = ssl_ != nullptr
                           ? SSL_read(ssl_.get(), block.data(), static_cast<int>(block.size()))
                           : recv(socket_, block.data(), block.size(), 0);
  if (size <= 0) return false;
  out->append(block.data(), static_cast<std::size_t>(size));
  return true;
}

bool Channel::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ssl_ != nullptr
                             ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                             : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void Channel::CloseTls() {
  if (ssl_ != nullptr) SSL_shutdown(ssl_.get());
}

}  // namespace candor
