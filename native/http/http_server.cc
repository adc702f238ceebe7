#include "native/http/http_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "native/http/http_gate.h"

namespace candor {
namespace {

// The gates of one thread.
class Worker {
 public:
  explicit Worker(int stop) : stop_(stop) {}
  ~Worker() {
    if (thread_.joinable()) thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  bool Add(std::unique_ptr<HttpGate> gate) {
    gates_.push_back(std::move(gate));
    return gates_.back()->Start();
  }
  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

 private:
  void Run() {
    std::vector<pollfd> waits = {{stop_, POLLIN, 0}};
    for (const auto& gate : gates_) {
      waits.push_back({gate->descriptor(), POLLIN, 0});
      waits.push_back({gate->wake_descriptor(), POLLIN, 0});
    }
    for (;;) {
      ::poll(waits.data(), waits.size(), TimeoutMs());
      if (waits.front().revents != 0) return;
      for (const auto& gate : gates_) gate->Turn();
    }
  }

  int TimeoutMs() const {
    int timeout = -1;
    for (const auto& gate : gates_) {
      const int wait = gate->TimeoutMs();
      if (wait >= 0) timeout = timeout < 0 ? wait : std::min(timeout, wait);
    }
    return timeout;
  }

  const int stop_;
  std::vector<std::unique_ptr<HttpGate>> gates_;
  std::thread thread_;
};

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(const HttpServerOptions& options)
      : options_(options), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  ~Impl() {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(stop_, &one, sizeof one));
    workers_.clear();
    ::close(stop_);
  }

  Problems Open() {
    Problems problems;
    for (const ListenAddress& address : options_.addresses) {
      Result<std::unique_ptr<ListenSocket>> socket = ListenSocket::Open(address, options_.group);
      if (socket.ok()) {
        sockets_.push_back(std::move(socket).value());
      } else {
        problems.AddAll(std::move(socket).problems());
      }
    }
    return problems;
  }

  Problems Start(HttpHandler handler) {
    handler_ = std::move(handler);
    Problems problems;
    for (unsigned i = 0; i < options_.threads; ++i) {
      workers_.push_back(std::make_unique<Worker>(stop_));
      for (const auto& socket : sockets_) {
        if (workers_.back()->Add(std::make_unique<HttpGate>(options_, handler_, *socket))) continue;
        problems.Add({ErrorCode::kUnavailable, socket->address().flag + " " + socket->Where(),
                      "cannot be served"});
      }
      if (!problems.empty()) return problems;
    }
    for (const auto& worker : workers_) worker->Start();
    return problems;
  }

  const std::vector<std::unique_ptr<ListenSocket>>& sockets() const { return sockets_; }

 private:
  const HttpServerOptions options_;
  const int stop_;
  HttpHandler handler_;
  std::vector<std::unique_ptr<ListenSocket>> sockets_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::Open(const HttpServerOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  Problems problems = impl->Open();
  if (!problems.empty()) return problems;
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

Problems HttpServer::Start(HttpHandler handler) { return impl_->Start(std::move(handler)); }

std::string HttpServer::Where() const {
  std::string where;
  for (const auto& socket : impl_->sockets()) {
    where.append(where.empty() ? "" : " and ").append(socket->Where());
  }
  return where;
}

std::vector<ListenAddress> HttpServer::Addresses() const {
  std::vector<ListenAddress> addresses;
  for (const auto& socket : impl_->sockets()) addresses.push_back(socket->address());
  return addresses;
}

}  // namespace candor
