#include "tests/native/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <poll.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>

#include "core/base64.h"
#include "tests/native/receiver_channel.h"

namespace candor {
namespace {

using Stage = Script::Stage;
using Act = Script::Act;

// A test without its receiver is worth nothing.
void Require(bool good) {
  if (!good) std::abort();
}

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
std::unique_ptr<BIO, BioDeleter> Reader(const std::string& pem) {
  return std::unique_ptr<BIO, BioDeleter>(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// HTTP/2 for whoever offers it, which this receiver does not speak.
int SelectProtocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* offered, unsigned int size, void* /*unused*/) {
  static constexpr unsigned char kWanted[] = "\x02h2\x08http/1.1";
  unsigned char* selected = nullptr;
  if (SSL_select_next_proto(&selected, out_size, kWanted, sizeof(kWanted) - 1, offered, size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = selected;
  return SSL_TLSEXT_ERR_OK;
}

SslContext MakeContext(const ReceiverOptions& options) {
  SslContext context(SSL_CTX_new(TLS_server_method()));
  if (options.old_tls) {
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  }
  SSL_CTX_set_alpn_select_cb(context.get(), SelectProtocol, nullptr);
  X509* certificate =
      PEM_read_bio_X509(Reader(options.identity.certificate).get(), nullptr, nullptr, nullptr);
  EVP_PKEY* key =
      PEM_read_bio_PrivateKey(Reader(options.identity.key).get(), nullptr, nullptr, nullptr);
  Require(SSL_CTX_use_certificate(context.get(), certificate) == 1);
  Require(SSL_CTX_use_PrivateKey(context.get(), key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  if (!options.client_ca.empty()) {
    X509* ca = PEM_read_bio_X509(Reader(options.client_ca).get(), nullptr, nullptr, nullptr);
    Require(X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), ca) == 1);
    X509_free(ca);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int ConnectTo(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    return socket;
  }
  close(socket);
  return -1;
}

void ParseHeader(std::string_view text, Received* out) {
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    const std::size_t colon = std::min(line.find(':'), line.size());
    if (first) {
      out->start = line;
    } else if (!line.empty()) {
      std::string_view value = line.substr(std::min(colon + 1, line.size()));
      if (value.starts_with(' ')) value.remove_prefix(1);
      out->headers.emplace_back(line.substr(0, colon), value);
    }
  }
}

std::string Receipt(const std::string& id) {
  const std::string body = "{\"receipt\": \"" + id + "\"}\n";
  return "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace

std::string Received::Header(const std::string& name) const {
  std::string value;
  std::size_t count = 0;
  for (const auto& [key, text] : headers) {
    if (strcasecmp(key.c_str(), name.c_str()) != 0) continue;
    value = text;
    ++count;
  }
  return count == 1 ? value : "";
}

bool Received::HasItsDigest() const {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data());
  return Header("Content-Digest") == "sha-256=:" + Base64(digest) + ":";
}

Script Answers(int status, const std::string& fields) {
  Script script;
  script.answer = "HTTP/1.1 " + std::to_string(status) + " As told\r\n" + fields +
                  "Content-Length: 0\r\nConnection: close\r\n\r\n";
  script.accepts = status >= 200 && status < 300;
  return script;
}

class Receiver::Impl {
 public:
  explicit Impl(ReceiverOptions options) : options_(std::move(options)) {
    if (options_.tls) context_ = MakeContext(options_);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address = Loopback(options_.port);
    socklen_t size = sizeof(address);
    Require(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    Require(listen(listener_, 64) == 0);
    Require(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { AcceptAll(); });
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const int socket : open_) shutdown(socket, SHUT_RDWR);
    }
    stalled_.notify_all();
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
  }

  const ReceiverOptions& options() const { return options_; }
  std::uint16_t port() const { return port_; }

  std::mutex mutex_;
  std::deque<Script> scripts_;
  Script always_;
  std::size_t connections_ = 0, body_bytes_ = 0;
  std::vector<Received> requests_;
  std::map<std::string, Accepted> accepted_;

 private:
  void AcceptAll() {
    // OpenSSL writes without MSG_NOSIGNAL; the mask is inherited by the connections' threads.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    for (;;) {
      const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock(mutex_);
      if (stopping_ || socket < 0) {
        if (socket >= 0) close(socket);
        return;
      }
      ++connections_;
      Script script = always_;
      if (!scripts_.empty()) {
        script = std::move(scripts_.front());
        scripts_.pop_front();
      }
      open_.insert(socket);
      threads_.emplace_back([this, socket, script = std::move(script)] { Serve(socket, script); });
    }
  }

  void Serve(int socket, Script script) {
    Channel channel(socket);
    Act act = Converse(channel, &script);
    if (script.pause.count() > 0) Sleep(script.pause);
    if (act == Act::kStall) {
      std::unique_lock lock(mutex_);
      stalled_.wait(lock, [this] { return stopping_; });
      act = Act::kClose;
    }
    if (act == Act::kReset) {
      const linger now{1, 0};
      setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    } else if (act == Act::kClose) {
      channel.CloseTls();
    }
    if (act == Act::kClose && script.early) Drain(socket);
    const std::lock_guard lock(mutex_);
    open_.erase(socket);
    close(socket);
  }

  // Goes through the stages up to the script's; what to do then.
  Act Converse(Channel& channel, Script* script) {
    if (script->until == Stage::kAccepted) return Leave(channel, *script);
    if (context_ != nullptr && !channel.AcceptTls(context_.get())) return Act::kClose;
    if (script->until == Stage::kTls) return Leave(channel, *script);
    std::string text;
    std::size_t end = 0;
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
      if (!channel.Read(&text)) return Act::kClose;
    }
    Received request;
    ParseHeader(std::string_view(text).substr(0, end), &request);
    request.body = text.substr(end + 4);
    if (options_.tunnel_to != 0) return Tunnel(channel, std::move(request), *script);
    const std::size_t index = Keep(request);
    if (script->until == Stage::kHeader) return Leave(channel, *script);
    const auto size = static_cast<std::size_t>(
        std::strtoull(request.Header("Content-Length").c_str(), nullptr, 10));
    const std::size_t wanted = script->until == Stage::kBody ? size / 2 : size;
    while (request.body.size() < wanted) {
      if (!channel.Read(&request.body)) break;
    }
    request.complete = request.body.size() == size;
    if (request.complete && options_.decide) *script = options_.decide(request);
    Update(index, request, *script);
    if (script->until == Stage::kBody) return Leave(channel, *script);
    if (!request.complete) return Act::kClose;
    if (script->until == Stage::kRequest) return Leave(channel, *script);
    Answer(channel, *script, request.Header("Idempotency-Key"));
    return script->act;
  }

  // Closing a socket with unread bytes resets it, and the peer may never read the answer.
  static void Drain(int socket) {
    shutdown(socket, SHUT_WR);
    std::array<char, 16 * 1024> block;
    while (recv(socket, block.data(), block.size(), 0) > 0) {
    }
  }

  Act Leave(Channel& channel, const Script& script) {
    if (script.early) Answer(channel, script, "");
    return script.act;
  }

  void Answer(Channel& channel, const Script& script, const std::string& id) {
    const std::string answer = script.answer.empty() ? Receipt(id) : script.answer;
    if (script.per_byte.count() == 0) {
      if (!channel.Write(answer)) return;
    }
    for (std::size_t i = 0; script.per_byte.count() > 0 && i < answer.size(); ++i) {
      if (!channel.Write(answer.substr(i, 1)) || !Sleep(script.per_byte)) return;
    }
    while (!script.endless.empty()) {
      if (!channel.Write(script.endless)) return;
    }
  }

  // false when it is time to stop.
  bool Sleep(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !stalled_.wait_for(lock, time, [this] { return stopping_; });
  }

  Act Tunnel(Channel& channel, Received request, const Script& script) {
    request.complete = true;
    Keep(request);
    if (script.until == Stage::kHeader) return Leave(channel, script);
    if (request.Header("Proxy-Authorization") != options_.proxy_authorization) {
      channel.Write(
          "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
          "Content-Length: 0\r\n\r\n");
      return Act::kClose;
    }
    if (!script.answer.empty() || !script.endless.empty()) {
      Answer(channel, script, "");
      return script.act;
    }
    const int target = ConnectTo(options_.tunnel_to);
    if (target < 0) return Act::kClose;
    {
      const std::lock_guard lock(mutex_);
      open_.insert(target);
    }
    if (channel.Write("HTTP/1.1 200 Connected\r\n\r\n")) Relay(channel, target);
    const std::lock_guard lock(mutex_);
    open_.erase(target);
    close(target);
    return Act::kClose;
  }

  static void Relay(Channel& near, int target) {
    Channel far(target);
    std::array<pollfd, 2> ends = {pollfd{near.socket(), POLLIN, 0}, pollfd{target, POLLIN, 0}};
    for (;;) {
      if (!near.HasBuffered() && poll(ends.data(), ends.size(), -1) < 0) return;
      std::string bytes;
      if ((near.HasBuffered() || ends[0].revents != 0) && (!near.Read(&bytes) || !far.Write(bytes)))
        return;
      bytes.clear();
      if (ends[1].revents != 0 && (!far.Read(&bytes) || !near.Write(bytes))) return;
    }
  }

  std::size_t Keep(const Received& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    body_bytes_ += request.body.size();
    return requests_.size() - 1;
  }

  void Update(std::size_t index, const Received& request, const Script& script) {
    const std::lock_guard lock(mutex_);
    body_bytes_ += request.body.size() - requests_[index].body.size();
    requests_[index] = request;
    if (!request.complete || !script.accepts) return;
    Accepted& accepted = accepted_[request.Header("Idempotency-Key")];
    accepted.differed |= accepted.times > 0 && accepted.body != request.body;
    if (accepted.times++ == 0) accepted.body = request.body;
  }

  const ReceiverOptions options_;
  SslContext context_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  bool stopping_ = false;
  std::condition_variable stalled_;
  std::set<int> open_;
  std::thread acceptor_;
  std::vector<std::thread> threads_;
};

Receiver::Receiver(ReceiverOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Receiver::~Receiver() = default;

std::uint16_t Receiver::port() const { return impl_->port(); }

std::string Receiver::Endpoint(const std::string& host) const {
  return (impl_->options().tls ? "https://" : "http://") + host + ":" + std::to_string(port()) +
         "/pings";
}

void Receiver::Play(std::vector<Script> scripts) {
  const std::lock_guard lock(impl_->mutex_);
  for (Script& script : scripts) impl_->scripts_.push_back(std::move(script));
}

void Receiver::PlayAlways(Script always) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->always_ = std::move(always);
}

std::size_t Receiver::connections() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->connections_;
}

std::vector<Received> Receiver::requests() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->requests_;
}

std::size_t Receiver::body_bytes() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->body_bytes_;
}

std::map<std::string, Receiver::Accepted> Receiver::accepted() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->accepted_;
}

}  // namespace candor
