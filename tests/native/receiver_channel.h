// The receiver's end of a connection, with or without TLS.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace candor {

struct SslContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextDeleter>;

// Blocks; another thread ends it with shutdown(2) on the socket, which it does not own.
class Channel {
 public:
  explicit Channel(int socket) : socket_(socket) {}
  bool AcceptTls(SSL_CTX* context);
  // Appends what there is, at least one byte; false when there will be none.
  bool Read(std::string* out);
  bool Write(std::string_view bytes);
  void CloseTls();
  int socket() const { return socket_; }
  bool HasBuffered() const { return ssl_ != nullptr && SSL_pending(ssl_.get()) > 0; }

 private:
  int socket_;
  std::unique_ptr<SSL, SslDeleter> ssl_;
};

}  // namespace candor
