#include "native/http/http_gate.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

#include "native/base/clock.h"
#include "native/http/event_stream.h"
#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

constexpr std::int64_t kForEver = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeastBytesPerMs = 32;

MHD_Result AddHeader(void* headers, MHD_ValueKind, const char* key, const char* value) {
  static_cast<HttpHeaders*>(headers)->emplace_back(key, value == nullptr ? "" : value);
  return MHD_YES;
}

void FreeText(void* text) { delete static_cast<std::string*>(text); }

int DescriptorOf(MHD_Connection* connection) {
  const MHD_ConnectionInfo* const info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == nullptr ? -1 : info->connect_fd;
}

void AddHeaders(MHD_Response* response, const HttpAnswer& answer) {
  if (!answer.content_type.empty()) {
    MHD_add_response_header(response, "Content-Type", answer.content_type.c_str());
  }
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  bool says_how_long = false;
  for (const auto& [name, value] : answer.headers) {
    says_how_long = says_how_long || EqualNames(name, "Cache-Control");
    MHD_add_response_header(response, name.c_str(), value.c_str());
  }
  if (!says_how_long) MHD_add_response_header(response, "Cache-Control", "no-store");
}

}  // namespace

// One request as it comes in.
struct HttpGate::Exchange {
  HttpRequest request;
  std::function<HttpAnswer(const HttpRequest&)> then;
  std::function<void(HttpRequest, HttpReply)> later;
  MakeAnswer make;  // Came later.
  MHD_Connection* connection = nullptr;
  bool begun = false, cut = false;
};

// An answer that goes on.
struct HttpGate::Stream {
  HttpGate& gate;
  MHD_Connection* connection;
  std::shared_ptr<EventStream> events;
  std::string before;  // What goes out first.
  std::atomic<bool> woken = false;
};

HttpGate::HttpGate(const HttpServerOptions& options, const HttpHandler& handler,
                   ListenSocket& socket)
    : options_(options),
      handler_(handler),
      socket_(socket),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      replies_(std::make_shared<HttpReplies>(wake_)) {}

HttpGate::~HttpGate() {
  replies_->Leave();
  // libmicrohttpd insists that nobody sleeps when it ends.
  for (const auto& [number, waiting] : waiting_) MHD_resume_connection(waiting.connection);
  for (Stream* const stream : streams_) {
    stream->events->Leave();
    MHD_resume_connection(stream->connection);
  }
  daemon_.reset();
  ::close(wake_);
}

bool HttpGate::Start() {
  // libmicrohttpd closes the socket it is given; ours outlives it, to remove the file.
  const int listening = ::dup(socket_.descriptor());
  if (listening < 0) return false;
  const bool tls = options_.tls && socket_.network();
  std::vector<MHD_OptionItem> more;
  if (tls) {
    const auto text = [](const char* value) { return const_cast<char*>(value); };
    more.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, text(options_.tls->certificate.c_str())});
    more.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, text(options_.tls->key.c_str())});
    more.push_back({MHD_OPTION_HTTPS_PRIORITIES, 0, text(kTlsPriorities)});
  }
  more.push_back({MHD_OPTION_END, 0, nullptr});
  unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
  if (tls) flags |= MHD_USE_TLS;
  // Runs on the thread that turns it.
  daemon_.reset(MHD_start_daemon(flags, 0, nullptr, nullptr, &OnRequest, this,             //
                                 MHD_OPTION_LISTEN_SOCKET, listening,                      //
                                 MHD_OPTION_CONNECTION_LIMIT, options_.most_connections,   //
                                 MHD_OPTION_CONNECTION_TIMEOUT, options_.silence_s,        //
                                 MHD_OPTION_CONNECTION_MEMORY_LIMIT, options_.head_bytes,  //
                                 MHD_OPTION_STRICT_FOR_CLIENT, 1,                          //
                                 MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,                     //
                                 MHD_OPTION_URI_LOG_CALLBACK, &OnTarget, this,             //
                                 MHD_OPTION_NOTIFY_COMPLETED, &OnEnd, this,                //
                                 MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this,        //
                                 MHD_OPTION_ARRAY, more.data(),                            //
                                 MHD_OPTION_END));
  if (daemon_ == nullptr) ::close(listening);
  return daemon_ != nullptr;
}

int HttpGate::descriptor() const {
  return MHD_get_daemon_info(daemon_.get(), MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int HttpGate::TimeoutMs() const {
  MHD_UNSIGNED_LONG_LONG wait_ms = 0;
  if (MHD_get_timeout(daemon_.get(), &wait_ms) != MHD_YES) return -1;
  // Deadlines are looked at each second while somebody talks.
  return static_cast<int>(std::min<MHD_UNSIGNED_LONG_LONG>(wait_ms, 1000));
}

void HttpGate::Turn() {
  std::uint64_t count = 0;
  if (::read(wake_, &count, sizeof count) == sizeof count) {
    ResumeStreams();
    ResumeAnswered();
  }
  bool again = true;
  while (again) {
    const std::size_t before = connections_.size();
    MHD_run(daemon_.get());
    // When it was full it listens again at the beginning of a turn, which nothing else may bring.
    again = before >= options_.most_connections && connections_.size() < before;
  }
  CutSlow();
}

// Here and not where they are given something: libmicrohttpd, turned from outside, would neither
// notice nor expect another thread.
void HttpGate::ResumeStreams() {
  for (Stream* const stream : streams_) {
    if (stream->woken.exchange(false)) MHD_resume_connection(stream->connection);
  }
}

void HttpGate::ResumeAnswered() {
  for (auto& [number, make] : replies_->Take()) {
    const auto waiting = waiting_.extract(number);
    if (waiting.empty()) continue;
    waiting.mapped().exchange->make = std::move(make);
    MHD_resume_connection(waiting.mapped().connection);
  }
}

// Once a second: there may be thousands, and many turns.
void HttpGate::CutSlow() {
  const std::int64_t now = SystemClock().BootMillis();
  if (now < next_cut_ms_) return;
  next_cut_ms_ = now + 1000;
  for (const auto& [handle, connection] : connections_) {
    // libmicrohttpd sees the end and lets go of it.
    if (now > connection.deadline_ms) ::shutdown(DescriptorOf(handle), SHUT_RDWR);
  }
}

HttpPeer HttpGate::PeerAt(int descriptor) const {
  HttpPeer peer = PeerOf(descriptor);
  peer.tls = options_.tls.has_value() && socket_.network();
  peer.trusted = socket_.network() || IsTrustedPeer(descriptor, options_.group);
  return peer;
}

// Null where there was no memory for it.
HttpGate::Connection* HttpGate::ConnectionOf(MHD_Connection* connection) {
  const MHD_ConnectionInfo* const info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == nullptr ? nullptr : static_cast<Connection*>(info->socket_context);
}

void HttpGate::SetDeadline(MHD_Connection* connection, std::int64_t most_ms) {
  Connection* const open = ConnectionOf(connection);
  if (open == nullptr) return;
  open->deadline_ms = most_ms == kForEver ? kForEver : SystemClock().BootMillis() + most_ms;
}

MHD_Result HttpGate::Take(MHD_Connection* connection, Exchange& exchange, const char* method,
                          const char* more, std::size_t* size) {
  if (!std::exchange(exchange.begun, true)) return Begin(connection, exchange, method);
  if (*size > 0) return Hold(exchange, more, std::exchange(*size, 0));
  LetGo(exchange);
  if (exchange.cut) return MHD_NO;
  if (exchange.make) return Queue(connection, std::exchange(exchange.make, nullptr)());
  if (exchange.later) return Wait(connection, exchange);
  return Queue(connection, exchange.then(exchange.request));
}

MHD_Result HttpGate::Hold(Exchange& exchange, const char* more, std::size_t size) {
  std::string& body = exchange.request.body;
  // Its length was checked; this is for a library that would not hold to it.
  if (exchange.cut || body.size() + size > options_.most_body_bytes) return MHD_NO;
  LetGo(exchange);
  body.append(more, size);
  bodies_.emplace(body.size(), &exchange);
  held_bytes_ += body.size();
  while (held_bytes_ > options_.most_held_bytes) Cut(*bodies_.rbegin()->second);
  return exchange.cut ? MHD_NO : MHD_YES;
}

// Its body does not come in any more.
void HttpGate::LetGo(Exchange& exchange) {
  const std::size_t size = exchange.request.body.size();
  if (bodies_.erase({size, &exchange}) > 0) held_bytes_ -= size;
}

void HttpGate::Cut(Exchange& exchange) {
  LetGo(exchange);
  exchange.cut = true;
  exchange.request.body = std::string();
  ::shutdown(DescriptorOf(exchange.connection), SHUT_RDWR);
}

MHD_Result HttpGate::Wait(MHD_Connection* connection, Exchange& exchange) {
  const std::uint64_t number = ++next_waiting_;
  waiting_[number] = {connection, &exchange};
  MHD_suspend_connection(connection);
  try {
    exchange.later(std::move(exchange.request), HttpReply(replies_, number));
  } catch (const std::exception&) {
    // The reply was dropped, which is an answer, too.
  }
  return MHD_YES;
}

MHD_Result HttpGate::Begin(MHD_Connection* connection, Exchange& exchange, const char* method) {
  const Connection* const open = ConnectionOf(connection);
  if (open == nullptr) return MHD_NO;
  exchange.connection = connection;
  exchange.request.method = method;
  HttpHeaders& headers = exchange.request.headers;
  const int count = MHD_get_connection_values(connection, MHD_HEADER_KIND, nullptr, nullptr);
  headers.reserve(static_cast<std::size_t>(std::max(count, 0)));
  MHD_get_connection_values(connection, MHD_HEADER_KIND, &AddHeader, &headers);
  HttpNext next = handler_(exchange.request, open->peer);
  if (next.answer) return Queue(connection, *std::move(next.answer));
  exchange.then = std::move(next.then);
  exchange.later = std::move(next.later);
  return MHD_YES;
}

MHD_Result HttpGate::Queue(MHD_Connection* connection, HttpAnswer answer) {
  const bool goes_on = answer.stream != nullptr;
  const auto size = static_cast<std::int64_t>(answer.body.size());
  MHD_Response* const response = Respond(connection, answer);
  if (response == nullptr) return MHD_NO;
  AddHeaders(response, answer);
  // Its end is the connection's, which would otherwise wait in silence.
  if (goes_on) MHD_add_response_header(response, "Connection", "close");
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  SetDeadline(connection, goes_on ? kForEver : options_.most_request_ms + size / kLeastBytesPerMs);
  return queued;
}

// Takes the body and the stream out of the answer.
MHD_Response* HttpGate::Respond(MHD_Connection* connection, HttpAnswer& answer) {
  if (answer.stream != nullptr) {
    std::unique_ptr<Stream> stream(
        new Stream{*this, connection, std::move(answer.stream), std::move(answer.body)});
    MHD_Response* const response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 4096, &OnMore, stream.get(), &OnStreamEnd);
    if (response != nullptr) streams_.insert(stream.release());
    return response;
  }
  auto body = std::make_unique<std::string>(std::move(answer.body));
  MHD_Response* const response = MHD_create_response_from_buffer_with_free_callback_cls(
      body->size(), body->data(), &FreeText, body.get());
  if (response != nullptr) body.release();
  return response;
}

// The target as it came: libmicrohttpd's own reading of it would hide what is in it.
void* HttpGate::OnTarget(void* /*self*/, const char* target, MHD_Connection* /*connection*/) try {
  auto exchange = std::make_unique<Exchange>();
  exchange->request.target = target;
  return exchange.release();
} catch (const std::exception&) {
  return nullptr;
}

MHD_Result HttpGate::OnRequest(void* self, MHD_Connection* connection, const char* /*url*/,
                               const char* method, const char* /*version*/, const char* more,
                               std::size_t* size, void** exchange) try {
  if (*exchange == nullptr) return MHD_NO;
  return static_cast<HttpGate*>(self)->Take(connection, *static_cast<Exchange*>(*exchange), method,
                                            more, size);
} catch (const std::exception&) {
  return MHD_NO;
}

void HttpGate::OnEnd(void* self, MHD_Connection* connection, void** exchange,
                     MHD_RequestTerminationCode /*code*/) {
  auto& gate = *static_cast<HttpGate*>(self);
  const std::unique_ptr<Exchange> ended(static_cast<Exchange*>(std::exchange(*exchange, nullptr)));
  if (ended != nullptr) gate.LetGo(*ended);
  // For the next request on this connection, or its end by silence.
  gate.SetDeadline(connection, gate.options_.most_request_ms);
}

void HttpGate::OnConnection(void* self, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode code) try {
  auto& gate = *static_cast<HttpGate*>(self);
  if (code != MHD_CONNECTION_NOTIFY_STARTED) {
    gate.connections_.erase(connection);
    return;
  }
  const std::int64_t until_ms = SystemClock().BootMillis() + gate.options_.most_request_ms;
  const auto made = gate.connections_.emplace(
      connection, Connection{gate.PeerAt(DescriptorOf(connection)), until_ms});
  *context = &made.first->second;
} catch (const std::exception&) {
  // Without memory none of its requests begins.
}

ssize_t HttpGate::OnMore(void* of, std::uint64_t /*at*/, char* to, std::size_t size) try {
  auto& stream = *static_cast<Stream*>(of);
  if (!stream.before.empty()) {
    const std::size_t taken = std::min(size, stream.before.size());
    std::copy_n(stream.before.data(), taken, to);
    stream.before.erase(0, taken);
    return static_cast<ssize_t>(taken);
  }
  const std::ptrdiff_t taken = stream.events->Take(
      to, size, [&stream] { MHD_suspend_connection(stream.connection); },
      [&stream] {
        stream.woken = true;
        const std::uint64_t one = 1;
        static_cast<void>(!::write(stream.gate.wake_, &one, sizeof one));
      });
  return taken < 0 ? MHD_CONTENT_READER_END_OF_STREAM : taken;
} catch (const std::exception&) {
  return MHD_CONTENT_READER_END_WITH_ERROR;
}

void HttpGate::OnStreamEnd(void* of) {
  const std::unique_ptr<Stream> stream(static_cast<Stream*>(of));
  stream->events->Leave();
  stream->gate.streams_.erase(stream.get());
}

}  // namespace candor
