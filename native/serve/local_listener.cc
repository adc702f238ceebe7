#include "native/serve/local_listener.h"

#include <microhttpd.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <map>
#include <thread>
#include <utility>

#include "native/base/clock.h"
#include "native/http/problem.h"
#include "native/serve/local_socket.h"

namespace candor {
namespace {

constexpr unsigned kMostConnections = 64;
constexpr unsigned kSilenceSeconds = 5;
constexpr std::size_t kConnectionBytes = std::size_t{24} << 10;  // Its headers, for one.
constexpr std::int64_t kMostRequestMs = 30'000;

struct DaemonDeleter {
  void operator()(MHD_Daemon* daemon) const { MHD_stop_daemon(daemon); }
};
using Daemon = std::unique_ptr<MHD_Daemon, DaemonDeleter>;

// One request as it comes in.
struct Exchange {
  HttpRequest request;
  bool begun = false;
};

MHD_Result AddHeader(void* headers, MHD_ValueKind, const char* key, const char* value) {
  static_cast<decltype(HttpRequest::headers)*>(headers)->emplace_back(
      key, value == nullptr ? "" : value);
  return MHD_YES;
}

MHD_Result Queue(MHD_Connection* connection, const HttpAnswer& answer) {
  MHD_Response* const response = MHD_create_response_from_buffer(
      answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  if (!answer.content_type.empty()) {
    MHD_add_response_header(response, "Content-Type", answer.content_type.c_str());
  }
  MHD_add_response_header(response, "Cache-Control", "no-store");
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : answer.headers) {
    MHD_add_response_header(response, name.c_str(), value.c_str());
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  return queued;
}

int DescriptorOf(MHD_Connection* connection) {
  const MHD_ConnectionInfo* const info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == nullptr ? -1 : info->connect_fd;
}

}  // namespace

class LocalListener::Impl {
 public:
  explicit Impl(const LocalListenerOptions& options)
      : options_(options), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  ~Impl() {
    stopping_ = true;
    const std::uint64_t one = 1;
    static_cast<void>(!::write(event_, &one, sizeof one));
    if (thread_.joinable()) thread_.join();
    gates_.clear();
    ::close(event_);
  }

  Problems Open() {
    Problems problems;
    for (const ListenAddress& address : options_.addresses) {
      Result<std::unique_ptr<LocalSocket>> socket = LocalSocket::Open(address, options_.group);
      if (socket.ok()) {
        gates_.push_back(std::make_unique<Gate>(*this, std::move(socket).value()));
      } else {
        problems.AddAll(std::move(socket).problems());
      }
    }
    return problems;
  }

  Problems Start(Handler handler) {
    handler_ = std::move(handler);
    Problems problems;
    for (const auto& gate : gates_) {
      if (!gate->Start()) {
        problems.Add(
            {ErrorCode::kUnavailable, "--listen " + gate->socket->Where(), "cannot be served"});
      }
    }
    if (problems.empty()) thread_ = std::thread([this] { Run(); });
    return problems;
  }

  std::string Where() const {
    std::string where;
    for (const auto& gate : gates_) {
      where.append(where.empty() ? "" : " and ").append(gate->socket->Where());
    }
    return where;
  }

 private:
  // A socket and who serves it.
  struct Gate {
    Gate(Impl& owner, std::unique_ptr<LocalSocket> made) : impl(owner), socket(std::move(made)) {}

    bool Start();
    void Turn();
    int Poll() const {
      return MHD_get_daemon_info(daemon.get(), MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    }
    std::optional<HttpAnswer> Refuse(MHD_Connection* connection, const HttpRequest& request);
    MHD_Result Take(MHD_Connection* connection, Exchange& exchange, const char* method,
                    const char* more, std::size_t* size);

    static void* OnTarget(void* self, const char* target, MHD_Connection* connection);
    static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* url,
                                const char* method, const char* version, const char* more,
                                std::size_t* size, void** exchange);
    static void OnEnd(void* self, MHD_Connection* connection, void** exchange,
                      MHD_RequestTerminationCode code);
    static void OnConnection(void* self, MHD_Connection* connection, void** context,
                             MHD_ConnectionNotificationCode code);

    Impl& impl;
    std::unique_ptr<LocalSocket> socket;  // Goes after the daemon.
    // When the request on a connection began; nobody may take for ever.
    std::map<MHD_Connection*, std::int64_t> since;
    Daemon daemon;
  };

  void Run() {
    std::vector<pollfd> waits = {{event_, POLLIN, 0}};
    for (const auto& gate : gates_) waits.push_back({gate->Poll(), POLLIN, 0});
    while (!stopping_) {
      ::poll(waits.data(), waits.size(), Timeout());
      for (const auto& gate : gates_) gate->Turn();
      CutSlow();
    }
  }

  // Milliseconds; -1 while nobody is connected.
  int Timeout() const {
    int timeout = -1;
    for (const auto& gate : gates_) {
      MHD_UNSIGNED_LONG_LONG wait_ms = 0;
      if (MHD_get_timeout(gate->daemon.get(), &wait_ms) != MHD_YES) continue;
      const int wait = static_cast<int>(std::min<MHD_UNSIGNED_LONG_LONG>(wait_ms, 1000));
      timeout = timeout < 0 ? wait : std::min(timeout, wait);
    }
    return timeout;
  }

  void CutSlow() {
    const std::int64_t now = SystemClock().BootMillis();
    for (const auto& gate : gates_) {
      for (const auto& [connection, since] : gate->since) {
        // libmicrohttpd sees the end and lets go of it.
        if (now - since > kMostRequestMs) ::shutdown(DescriptorOf(connection), SHUT_RDWR);
      }
    }
  }

  const LocalListenerOptions options_;
  const int event_;
  Handler handler_;
  std::vector<std::unique_ptr<Gate>> gates_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

bool LocalListener::Impl::Gate::Start() {
  // libmicrohttpd closes the socket it is given; ours outlives it, to remove the file.
  const int listening = ::dup(socket->descriptor());
  if (listening < 0) return false;
  // Runs on our thread, all gates on the same.
  daemon.reset(MHD_start_daemon(MHD_USE_EPOLL, 0, nullptr, nullptr, &OnRequest, this,  //
                                MHD_OPTION_LISTEN_SOCKET, listening,                   //
                                MHD_OPTION_CONNECTION_LIMIT, kMostConnections,         //
                                MHD_OPTION_CONNECTION_TIMEOUT, kSilenceSeconds,        //
                                MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionBytes,  //
                                MHD_OPTION_STRICT_FOR_CLIENT, 1,                       //
                                MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,                  //
                                MHD_OPTION_URI_LOG_CALLBACK, &OnTarget, this,          //
                                MHD_OPTION_NOTIFY_COMPLETED, &OnEnd, this,             //
                                MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this,     //
                                MHD_OPTION_END));
  if (daemon == nullptr) ::close(listening);
  return daemon != nullptr;
}

void LocalListener::Impl::Gate::Turn() {
  bool again = true;
  while (again) {
    const std::size_t before = since.size();
    MHD_run(daemon.get());
    // When it was full it listens again at the beginning of a turn, which nothing else may bring.
    again = before >= kMostConnections && since.size() < before;
  }
}

std::optional<HttpAnswer> LocalListener::Impl::Gate::Refuse(MHD_Connection* connection,
                                                            const HttpRequest& request) {
  if (!socket->network() && !IsTrustedPeer(DescriptorOf(connection), impl.options_.group)) {
    return ProblemAnswer(403, "another user may not ask", {}, true);
  }
  return RefuseLocal(request, {socket->network(), impl.options_.token});
}

MHD_Result LocalListener::Impl::Gate::Take(MHD_Connection* connection, Exchange& exchange,
                                           const char* method, const char* more,
                                           std::size_t* size) {
  HttpRequest& request = exchange.request;
  if (!std::exchange(exchange.begun, true)) {
    request.method = method;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, &AddHeader, &request.headers);
    const std::optional<HttpAnswer> refusal = Refuse(connection, request);
    return refusal ? Queue(connection, *refusal) : MHD_YES;
  }
  if (*size > 0) {
    // Its length was checked; this is for a library that would not hold to it.
    if (request.body.size() + *size > kMaxLocalBodyBytes) return MHD_NO;
    request.body.append(more, std::exchange(*size, 0));
    return MHD_YES;
  }
  return Queue(connection, impl.handler_(request));
}

// The target as it came: libmicrohttpd's own reading of it would hide what is in it.
void* LocalListener::Impl::Gate::OnTarget(void* /*self*/, const char* target,
                                          MHD_Connection* /*connection*/) try {
  auto exchange = std::make_unique<Exchange>();
  exchange->request.target = target;
  return exchange.release();
} catch (const std::exception&) {
  return nullptr;
}

MHD_Result LocalListener::Impl::Gate::OnRequest(void* self, MHD_Connection* connection,
                                                const char* /*url*/, const char* method,
                                                const char* /*version*/, const char* more,
                                                std::size_t* size, void** exchange) try {
  if (*exchange == nullptr) return MHD_NO;
  return static_cast<Gate*>(self)->Take(connection, *static_cast<Exchange*>(*exchange), method,
                                        more, size);
} catch (const std::exception&) {
  return MHD_NO;
}

void LocalListener::Impl::Gate::OnEnd(void* self, MHD_Connection* connection, void** exchange,
                                      MHD_RequestTerminationCode /*code*/) {
  delete static_cast<Exchange*>(std::exchange(*exchange, nullptr));
  // The next request on this connection, or its end by silence.
  auto& since = static_cast<Gate*>(self)->since;
  if (const auto at = since.find(connection); at != since.end()) {
    at->second = SystemClock().BootMillis();
  }
}

void LocalListener::Impl::Gate::OnConnection(void* self, MHD_Connection* connection,
                                             void** /*context*/,
                                             MHD_ConnectionNotificationCode code) try {
  auto& since = static_cast<Gate*>(self)->since;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    since[connection] = SystemClock().BootMillis();
  } else {
    since.erase(connection);
  }
} catch (const std::exception&) {
  // Without memory its slowness is not noticed; its silence is.
}

LocalListener::LocalListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LocalListener::~LocalListener() = default;

Result<std::unique_ptr<LocalListener>> LocalListener::Open(const LocalListenerOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  Problems problems = impl->Open();
  if (!problems.empty()) return problems;
  return std::unique_ptr<LocalListener>(new LocalListener(std::move(impl)));
}

Problems LocalListener::Start(Handler handler) { return impl_->Start(std::move(handler)); }
std::string LocalListener::Where() const { return impl_->Where(); }

}  // namespace candor
