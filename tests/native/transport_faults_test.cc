// Every way in which a network, a service or a proxy can fail, as one table.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/sha256.h"
#include "native/transport/http_transport.h"
#include "tests/native/folder.h"
#include "tests/native/receiver.h"

namespace candor {
namespace {

using Outcome = PostResult::Outcome;
using Stage = Script::Stage;
using Act = Script::Act;
using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* kId = "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3";
constexpr const char* kPassword = "open-sesame";
constexpr const char* kAuthorization = "Basic dXNlcjpvcGVuLXNlc2FtZQ==";  // user:open-sesame
// Sanitizers slow down what is measured here, several times.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::int64_t kSlow = 5;
#else
constexpr std::int64_t kSlow = 1;
#endif
constexpr std::int64_t kTimeoutMs = 300;
constexpr std::int64_t kSlackMs = 300 * kSlow;  // Beyond the timeout.
constexpr std::int64_t kCancelledMs = 200 * kSlow;

// A port of 127.0.0.1 that nobody listens on, or that listens and has no room: connections to it
// are neither made nor refused.
class Port {
 public:
  enum Kind { kRefusing, kFull };
  explicit Port(Kind kind) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    socklen_t size = sizeof(address_);
    bind(sockets_[0], reinterpret_cast<sockaddr*>(&address_), size);
    getsockname(sockets_[0], reinterpret_cast<sockaddr*>(&address_), &size);
    if (kind == kRefusing) return;
    listen(sockets_[0], 0);
    for (int i = 0; i < 4; ++i) {
      sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      connect(sockets_.back(), reinterpret_cast<const sockaddr*>(&address_), size);
    }
  }
  ~Port() {
    for (const int socket : sockets_) close(socket);
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  std::string text() const { return std::to_string(ntohs(address_.sin_port)); }

 private:
  sockaddr_in address_{};
  std::vector<int> sockets_;
};

// What all cases share; it outlives them and is not changed.
struct World {
  CertificateAuthority ca{"Test authority"}, other_ca{"Another authority"};
  Folder folder;
  std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);
  std::string large_body = std::string(20'000'000, 'x');  // More than the kernel takes.
  std::string large_digest = Sha256Hex(large_body);
  std::string credentials = folder.Write("credentials", std::string("user:") + kPassword);
};

// One run of one case: what listens, where the report goes, and how it is.
struct Run {
  explicit Run(const World& of) : world(of) {}
  const World& world;
  HttpOptions options;
  std::string body = "{}\n";
  std::string digest = Sha256Hex(body);
  std::deque<std::unique_ptr<Receiver>> receivers;  // The first is the service.
  std::deque<Port> ports;

  Receiver& Listen(ReceiverOptions receiver_options, const Script& script) {
    receivers.push_back(std::make_unique<Receiver>(std::move(receiver_options)));
    receivers.back()->PlayAlways(script);
    return *receivers.back();
  }
  void Http(const Script& script) { options.endpoint = Listen({}, script).Endpoint(); }
  void Tls(const Script& script, const CertificateWish& wish = {}) {
    ReceiverOptions receiver_options;
    receiver_options.identity = world.ca.Issue(wish);
    Https(std::move(receiver_options), script);
  }
  void Https(ReceiverOptions receiver_options, const Script& script) {
    receiver_options.tls = true;
    options.ca_file = world.ca_file;
    options.endpoint = Listen(std::move(receiver_options), script).Endpoint("localhost");
  }
  // The service is reached as telemetry.test, and every name leads there.
  void Proxy(const Script& proxy, const std::string& authorization = kAuthorization,
             const Script& service = {}) {
    Tls(service, {.names = {"telemetry.test"}});
    options.endpoint = "https://telemetry.test/pings";
    ReceiverOptions proxy_options;
    proxy_options.tunnel_to = receivers.front()->port();
    proxy_options.proxy_authorization = authorization;
    options.proxy = "http://127.0.0.1:" + std::to_string(Listen(proxy_options, proxy).port());
    options.proxy_credentials_file = world.credentials;
  }
  void LargeBody() {
    body = world.large_body;
    digest = world.large_digest;
  }
};

Script At(Stage stage, Act act) {
  Script script;
  script.until = stage;
  script.act = act;
  return script;
}

Script Raw(const std::string& answer, Act act = Act::kClose) {
  Script script;
  script.answer = answer;
  script.act = act;
  return script;
}

Script Endless(const std::string& answer, const std::string& endless) {
  Script script = Raw(answer);
  script.endless = endless;
  return script;
}

Script Early(int status, const std::string& fields = "") {
  Script script = Answers(status, fields);
  script.until = Stage::kHeader;
  script.early = true;
  return script;
}

struct Case {
  enum Expected { kNotSent, kUncertain, kNotAnswered, kAnswered };
  std::string name;
  Expected expected;
  int status = 0;
  std::function<void(Run&)> set;
};

using Cases = std::vector<Case>;
constexpr auto kNotSent = Case::kNotSent;
constexpr auto kUncertain = Case::kUncertain;
constexpr auto kNotAnswered = Case::kNotAnswered;  // What the kernel took is a matter of luck.
constexpr auto kAnswered = Case::kAnswered;

void AddConnections(Cases* cases) {
  const auto add = [cases](const char* name, Case::Expected expected, const Script& script,
                           bool large = false) {
    cases->push_back({name, expected, 0, [script, large](Run& run) {
                        run.Http(script);
                        if (large) run.LargeBody();
                      }});
  };
  cases->push_back({"refused", kNotSent, 0, [](Run& run) {
                      run.ports.emplace_back(Port::kRefusing);
                      run.options.endpoint = "http://127.0.0.1:" + run.ports[0].text() + "/";
                    }});
  cases->push_back({"connection never made", kNotSent, 0, [](Run& run) {
                      run.ports.emplace_back(Port::kFull);
                      run.options.endpoint = "http://127.0.0.1:" + run.ports[0].text() + "/";
                    }});
  add("reset at once", kNotAnswered, At(Stage::kAccepted, Act::kReset));
  add("closed at once", kNotAnswered, At(Stage::kAccepted, Act::kClose));
  add("stalled at once", kUncertain, At(Stage::kAccepted, Act::kStall));
  add("stalled at once with a large report", kUncertain, At(Stage::kAccepted, Act::kStall), true);
  add("reset after the header", kNotAnswered, At(Stage::kHeader, Act::kReset), true);
  add("closed after the header", kNotAnswered, At(Stage::kHeader, Act::kClose), true);
  add("stalled after the header", kUncertain, At(Stage::kHeader, Act::kStall), true);
  add("reset in the body", kUncertain, At(Stage::kBody, Act::kReset), true);
  add("closed in the body", kUncertain, At(Stage::kBody, Act::kClose), true);
  add("stalled in the body", kUncertain, At(Stage::kBody, Act::kStall), true);
  add("reply lost by reset", kUncertain, At(Stage::kRequest, Act::kReset));
  add("reply lost by close", kUncertain, At(Stage::kRequest, Act::kClose));
  add("reply never comes", kUncertain, At(Stage::kRequest, Act::kStall));
}

void AddHeaders(Cases* cases) {
  const auto add = [cases](const char* name, Case::Expected expected, int status,
                           const Script& script) {
    cases->push_back({name, expected, status, [script](Run& run) { run.Http(script); }});
  };
  Script slow = Answers(202);
  slow.per_byte = milliseconds(1000);
  const std::string yes = "HTTP/1.1 202 Yes\r\n";
  add("one byte a second", kUncertain, 0, slow);
  add("status line cut", kUncertain, 0, Raw("HTTP/1.1 202"));
  add("status line without an end, then silence", kUncertain, 0, Raw("HTTP/1.1 202", Act::kStall));
  add("header cut", kUncertain, 0, Raw(yes + "Date: x\r\n"));
  add("header without an end, then silence", kUncertain, 0, Raw(yes + "A: b\r\n", Act::kStall));
  add("header cut by reset", kUncertain, 0, Raw(yes + "A: b\r\n", Act::kReset));
  add("header of garbage", kUncertain, 0, Raw("\x16\x03\x01\x02\xff\xfe\r\n\r\n"));
  add("a page without a header", kUncertain, 0, Raw("<html>Welcome to the hotel</html>\r\n\r\n"));
  add("an empty line", kUncertain, 0, Raw("\r\n\r\n"));
  add("HTTP/2 on a line", kUncertain, 0, Raw("HTTP/2 202 Yes\r\n\r\n"));
  add("another protocol", kUncertain, 0, Raw("220 smtp.example ESMTP\r\n"));
  add("status 99", kUncertain, 0, Raw("HTTP/1.1 099 X\r\n\r\n"));
  add("status 600", kUncertain, 0, Raw("HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n"));
  add("status 2020", kUncertain, 0, Raw("HTTP/1.1 2020 X\r\nContent-Length: 0\r\n\r\n"));
  add("status of letters", kUncertain, 0, Raw("HTTP/1.1 2xx X\r\nContent-Length: 0\r\n\r\n"));
  add("a length of letters", kUncertain, 0, Raw(yes + "Content-Length: many\r\n\r\n"));
  add("a negative length", kUncertain, 0, Raw(yes + "Content-Length: -1\r\n\r\n"));
  add("a status line without a reason", kAnswered, 202,
      Raw("HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n"));
  add("HTTP/1.0", kAnswered, 202, Raw("HTTP/1.0 202 Yes\r\n\r\n"));
  add("line feeds alone", kAnswered, 202, Raw("HTTP/1.1 202 Yes\nContent-Length: 0\n\n"));
  add("endless fields", kUncertain, 0, Endless(yes, "X: " + std::string(1000, 'x') + "\r\n"));
  add("an endless field", kUncertain, 0, Endless(yes + "X: ", std::string(1000, 'x')));
  add("an endless status line", kUncertain, 0, Endless("HTTP/1.1 202 ", std::string(1000, 'x')));
  add("endless interim answers", kUncertain, 0,
      Endless("HTTP/1.1 102 Wait\r\n\r\n", "HTTP/1.1 102 Wait\r\n\r\n"));
  add("only an interim answer", kUncertain, 0, Raw("HTTP/1.1 100 Continue\r\n\r\n", Act::kStall));
  add("an interim answer first", kAnswered, 503,
      Raw("HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
  add("another protocol proposed", kUncertain, 0,
      Raw("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nxxxxxxxx", Act::kStall));
}

void AddBodies(Cases* cases) {
  const auto add = [cases](const char* name, const std::string& fields, const Script& rest) {
    Script script = rest;
    script.answer = "HTTP/1.1 202 Yes\r\n" + fields + "\r\n" + rest.answer;
    cases->push_back({name, kAnswered, 202, [script](Run& run) { run.Http(script); }});
  };
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  add("body cut", "Content-Length: 100\r\n", Raw("{"));
  Script reset = Raw("{", Act::kReset);
  reset.pause = milliseconds(100);
  add("body cut by reset", "Content-Length: 100\r\n", reset);
  add("body longer than its length", "Content-Length: 1\r\n", Raw("{}}}}}}}}}}}"));
  add("body that never comes", "Content-Length: 100\r\n", Raw("", Act::kStall));
  add("endless body", "", Endless("", std::string(1000, 'x')));
  add("a length beyond numbers", "Content-Length: 99999999999999999999999999\r\n", Raw("{}"));
  add("chunks of garbage", chunked, Raw("zz\r\n{}\r\n"));
  add("a chunk of a length beyond numbers", chunked, Raw("ffffffffffffffffff\r\n{}\r\n"));
  add("chunks cut", chunked, Raw("5\r\n{"));
  add("endless chunks", chunked, Endless("", "1\r\nx\r\n"));
  add("endless trailers", chunked, Endless("0\r\n", "X: y\r\n"));
  add("body of another coding", "Content-Encoding: gzip\r\nContent-Length: 4\r\n",
      Raw("\x1f\x8b\x08!"));
}

void AddStatuses(Cases* cases) {
  for (const int status : {200, 201, 204, 299, 300, 304, 400, 401, 402, 403, 404, 405, 406,
                           407, 408, 409, 410, 411, 413, 415, 417, 418, 421, 422, 425, 429,
                           431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 599}) {
    cases->push_back({"status " + std::to_string(status), kAnswered, status, [status](Run& run) {
                        run.Http(Answers(status,
                                         "WWW-Authenticate: Basic realm=x\r\n"
                                         "Proxy-Authenticate: Basic realm=x\r\n"));
                      }});
  }
  for (const int status : {301, 302, 303, 307, 308}) {
    cases->push_back({"redirect " + std::to_string(status), kAnswered, status, [status](Run& run) {
                        Receiver& elsewhere = run.Listen({}, {});
                        run.Http(Answers(status, "Location: " + elsewhere.Endpoint() + "\r\n"));
                        std::swap(run.receivers[0], run.receivers[1]);
                      }});
  }
  // A refusal may come before the report was read; an acceptance cannot.
  cases->push_back({"refused early", kAnswered, 413, [](Run& run) {
                      run.Http(Early(413));
                      run.LargeBody();
                    }});
  cases->push_back({"accepted too early", kNotAnswered, 0, [](Run& run) {
                      Script script = Early(202);
                      script.act = Act::kStall;
                      run.Http(script);
                      run.LargeBody();
                    }});
}

void AddTls(Cases* cases) {
  const auto add = [cases](const char* name, Case::Expected expected, int status,
                           std::function<void(Run&)> set) {
    cases->push_back({name, expected, status, std::move(set)});
  };
  const auto certificate = [&](const char* name, const CertificateWish& wish) {
    add(name, kNotSent, 0, [wish](Run& run) { run.Tls({}, wish); });
  };
  const auto script = [&](const char* name, Case::Expected expected, int status,
                          const Script& played) {
    add(name, expected, status, [played](Run& run) { run.Tls(played); });
  };
  certificate("certificate expired", {.days_before = 2, .days_after = -1});
  certificate("certificate not yet valid", {.days_before = -1, .days_after = 2});
  certificate("certificate signed by itself", {.self_signed = true});
  certificate("certificate of another host", {.names = {"localhost.example"}});
  certificate("certificate of a host above", {.names = {"*.localhost"}});
  add("certificate of an unknown authority", kNotSent, 0, [](Run& run) {
    ReceiverOptions options;
    options.identity = run.world.other_ca.Issue({});
    run.Https(std::move(options), {});
  });
  add("TLS 1.1 at most", kNotSent, 0, [](Run& run) {
    ReceiverOptions options;
    options.identity = run.world.ca.Issue({});
    options.old_tls = true;
    run.Https(std::move(options), {});
  });
  add("a client certificate is missed", kNotAnswered, 0, [](Run& run) {
    ReceiverOptions options;
    options.identity = run.world.ca.Issue({});
    options.client_ca = run.world.ca.certificate();
    run.Https(std::move(options), {});
  });
  add("no TLS where it belongs", kNotSent, 0, [](Run& run) {
    run.Http(Raw("HTTP/1.1 400 Plain\r\n\r\n"));
    run.options.endpoint.replace(0, 4, "https");
  });
  add("TLS where none belongs", kNotAnswered, 0, [](Run& run) {
    run.Tls({});
    run.options.endpoint.replace(0, 5, "http");
  });
  script("TLS reset at once", kNotSent, 0, At(Stage::kAccepted, Act::kReset));
  script("TLS closed at once", kNotSent, 0, At(Stage::kAccepted, Act::kClose));
  script("TLS never answered", kNotSent, 0, At(Stage::kAccepted, Act::kStall));
  script("reset after TLS", kNotAnswered, 0, At(Stage::kTls, Act::kReset));
  script("stalled after TLS", kUncertain, 0, At(Stage::kTls, Act::kStall));
  script("reply lost through TLS", kUncertain, 0, At(Stage::kRequest, Act::kReset));
  script("body cut without a farewell", kAnswered, 202,
         Raw("HTTP/1.1 202 Yes\r\nContent-Length: 9\r\n\r\n{", Act::kCut));
  add("reset in a large report through TLS", kUncertain, 0, [](Run& run) {
    run.Tls(At(Stage::kBody, Act::kReset));
    run.LargeBody();
  });
}

void AddProxies(Cases* cases) {
  const auto add = [cases](const char* name, Case::Expected expected, const Script& proxy,
                           const char* authorization = kAuthorization) {
    cases->push_back(
        {name, expected, 0, [proxy, authorization](Run& run) { run.Proxy(proxy, authorization); }});
  };
  cases->push_back({"proxy refuses connections", kNotSent, 0, [](Run& run) {
                      run.Proxy({});
                      run.ports.emplace_back(Port::kRefusing);
                      run.options.proxy = "http://127.0.0.1:" + run.ports[0].text();
                    }});
  add("proxy wants other credentials", kNotSent, {}, "Basic other");
  add("proxy says 407 and hangs", kNotSent,
      Raw("HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm=x, nonce=y\r\n"
          "Content-Length: 9\r\n\r\n",
          Act::kStall));
  add("proxy hangs", kNotSent, At(Stage::kHeader, Act::kStall));
  add("proxy hangs at once", kNotSent, At(Stage::kAccepted, Act::kStall));
  add("proxy closes", kNotSent, At(Stage::kHeader, Act::kClose));
  add("proxy resets", kNotSent, At(Stage::kHeader, Act::kReset));
  add("proxy cannot reach the service", kNotSent, Answers(502));
  add("proxy accepts in the service's place", kNotSent, Answers(202));
  add("proxy redirects", kNotSent, Answers(302, "Location: http://127.0.0.1/\r\n"));
  add("proxy speaks garbage", kNotSent, Raw("\x01\x02\x03\r\n\r\n"));
  add("proxy's header never ends", kNotSent,
      Endless("HTTP/1.1 200 Yes\r\n", "X: " + std::string(1000, 'x') + "\r\n"));
  add("proxy's refusal never ends", kNotSent,
      Endless("HTTP/1.1 403 No\r\n\r\n", std::string(1000, 'x')));
  add("proxy ends TLS", kNotSent, Raw("HTTP/1.1 200 Yes\r\n\r\nHTTP/1.1 202 Yes\r\n\r\n"));
  add("proxy tunnels into silence", kNotSent, Raw("HTTP/1.1 200 Yes\r\n\r\n", Act::kStall));
  cases->push_back({"proxy leads to another host", kNotSent, 0, [](Run& run) {
                      run.Proxy({});
                      run.options.endpoint = "https://telemetry.example/pings";
                    }});
  const auto https = [cases](const char* name, bool trusted, const CertificateWish& wish) {
    cases->push_back({name, kNotSent, 0, [trusted, wish](Run& run) {
                        run.Proxy({});
                        ReceiverOptions options;
                        options.tls = true;
                        options.identity =
                            (trusted ? run.world.ca : run.world.other_ca).Issue(wish);
                        options.tunnel_to = run.receivers[0]->port();
                        options.proxy_authorization = kAuthorization;
                        const std::uint16_t port = run.Listen(options, {}).port();
                        run.options.proxy = "https://localhost:" + std::to_string(port);
                      }});
  };
  https("proxy that is https and not trusted", false, {});
  https("proxy that is https and another", true, {.names = {"proxy.example"}});
  cases->push_back({"service refuses behind the proxy", kAnswered, 503,
                    [](Run& run) { run.Proxy({}, kAuthorization, Answers(503)); }});
}

Cases AllCases() {
  Cases cases;
  AddConnections(&cases);
  AddHeaders(&cases);
  AddBodies(&cases);
  AddStatuses(&cases);
  AddTls(&cases);
  AddProxies(&cases);
  return cases;
}

std::int64_t MillisSince(SteadyClock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(SteadyClock::now() - start).count();
}

PostResult PostIn(const Run& run, Transport& transport) {
  return transport.Post({.body = run.body, .id = kId, .digest = run.digest});
}

std::unique_ptr<Transport> MakeIn(const Run& run) {
  Result<std::unique_ptr<Transport>> transport = MakeHttpTransport(run.options);
  if (transport.ok()) return std::move(transport).value();
  ADD_FAILURE() << transport.error().where << " " << transport.error().message;
  return nullptr;
}

void CheckOutcome(const Case& c, const PostResult& result) {
  switch (c.expected) {
    case kNotSent:
      EXPECT_EQ(result.outcome, Outcome::kNotSent);
      break;
    case kUncertain:
      EXPECT_EQ(result.outcome, Outcome::kUncertain);
      break;
    case kNotAnswered:
      EXPECT_NE(result.outcome, Outcome::kAnswered);
      break;
    case kAnswered:
      EXPECT_EQ(result.outcome, Outcome::kAnswered);
      break;
  }
  EXPECT_EQ(result.status, c.status);
}

// What holds whatever the fault and whenever it ended.
void CheckTruth(const Run& run, const PostResult& result) {
  const bool answered = result.outcome == Outcome::kAnswered;
  EXPECT_EQ(result.error.empty(), answered);
  EXPECT_EQ(result.status != 0, answered);
  EXPECT_LE(result.receipt.size(), kMaxReceiptBytes);
  EXPECT_EQ(result.error.find(kPassword), std::string::npos);
  EXPECT_TRUE(std::all_of(result.error.begin(), result.error.end(),
                          [](char ch) { return static_cast<unsigned char>(ch) >= 0x20; }));
  std::size_t connections = 0;
  for (const std::unique_ptr<Receiver>& receiver : run.receivers) {
    EXPECT_LE(receiver->connections(), 1u) << "tried again";
    connections += receiver->connections();
  }
  EXPECT_LE(connections, run.options.proxy.empty() ? 1u : 2u) << "went elsewhere";
  if (!run.receivers.empty() && run.receivers.front()->body_bytes() > 0) {
    EXPECT_NE(result.outcome, Outcome::kNotSent) << "the service has some of it";
  }
}

void RunToItsEnd(const Case& c, const World& world) {
  SCOPED_TRACE(c.name);
  Run run(world);
  c.set(run);
  run.options.timeout_ms = kTimeoutMs;
  const std::unique_ptr<Transport> transport = MakeIn(run);
  if (transport == nullptr) return;
  const auto start = SteadyClock::now();
  const PostResult result = PostIn(run, *transport);
  EXPECT_LE(MillisSince(start), kTimeoutMs + kSlackMs);
  SCOPED_TRACE(result.error);
  CheckOutcome(c, result);
  EXPECT_FALSE(result.cancelled);
  CheckTruth(run, result);
}

void RunUntilCancelled(const Case& c, const World& world) {
  SCOPED_TRACE(c.name + ", cancelled");
  Run run(world);
  c.set(run);
  run.options.timeout_ms = 60'000;
  const std::unique_ptr<Transport> transport = MakeIn(run);
  if (transport == nullptr) return;
  PostResult result;
  SteadyClock::time_point ended;
  std::atomic<bool> done{false};
  std::thread poster([&] {
    result = PostIn(run, *transport);
    ended = SteadyClock::now();
    done = true;
  });
  // Past the 200 ms after which libcurl wakes up by itself, to try another address.
  for (int i = 0; i < 30 && !done; ++i) std::this_thread::sleep_for(milliseconds(10));
  const auto cancelled = SteadyClock::now();
  transport->Cancel(0);
  poster.join();
  EXPECT_LE(ended - cancelled, milliseconds(kCancelledMs));
  SCOPED_TRACE(result.error);
  CheckTruth(run, result);
}

// Together, as most of the time is spent waiting. SIGPIPE is what it is for a host that never
// thought of it: it would end this program.
TEST(HttpTransportFaultsTest, EveryFaultEndsInTimeAndTellsWhatHappened) {
  signal(SIGPIPE, SIG_DFL);
  const World world;
  const Cases cases = AllCases();
  EXPECT_GE(cases.size(), 40u);
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < 8; ++i) {
    workers.emplace_back([&] {
      for (std::size_t n; (n = next++) < 2 * cases.size();) {
        const Case& c = cases[n / 2];
        n % 2 == 0 ? RunToItsEnd(c, world) : RunUntilCancelled(c, world);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  RecordProperty("faults", static_cast<int>(cases.size()));
}

}  // namespace
}  // namespace candor
