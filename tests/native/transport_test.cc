#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>

#include "core/base64.h"
#include "core/sha256.h"
#include "native/transport/curl_handles.h"
#include "native/transport/http_transport.h"
#include "tests/native/folder.h"
#include "tests/native/receiver.h"

namespace candor {
namespace {

using Outcome = PostResult::Outcome;
using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* kId = "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3";
const std::string kBody = "{\n  \"installation\": \"\xc3\xa4\"\n}\n";

PostResult PostWith(Transport& transport, const std::string& body = kBody) {
  const std::string digest = Sha256Hex(body);
  return transport.Post({.body = body, .id = kId, .digest = digest});
}

PostResult Post(const HttpOptions& options, const std::string& body = kBody) {
  Result<std::unique_ptr<Transport>> transport = MakeHttpTransport(options);
  EXPECT_TRUE(transport.ok());
  return transport.ok() ? PostWith(*transport.value(), body) : PostResult{};
}

std::unique_ptr<Transport> Make(const HttpOptions& options) {
  Result<std::unique_ptr<Transport>> transport = MakeHttpTransport(options);
  EXPECT_TRUE(transport.ok());
  return transport.ok() ? std::move(transport).value() : nullptr;
}

std::int64_t MillisSince(SteadyClock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(SteadyClock::now() - start).count();
}

template <typename Condition>
void WaitFor(Condition condition) {
  const auto start = SteadyClock::now();
  while (!condition() && MillisSince(start) < 10'000) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_TRUE(condition());
}

// What goes over the wire.

TEST(HttpTransportTest, PostsTheBytesAsTheyAre) {
  Receiver receiver;
  const PostResult result = Post({.endpoint = receiver.Endpoint()});
  EXPECT_EQ(result.outcome, Outcome::kAnswered) << result.error;
  EXPECT_EQ(result.status, 202);
  EXPECT_EQ(result.receipt, std::string("{\"receipt\": \"") + kId + "\"}\n");
  EXPECT_FALSE(result.retry_after_ms.has_value());
  EXPECT_EQ(result.error, "");
  EXPECT_FALSE(result.cancelled);
  ASSERT_EQ(receiver.requests().size(), 1u);
  const Received request = receiver.requests()[0];
  EXPECT_EQ(request.body, kBody);
  EXPECT_TRUE(request.HasItsDigest());
}

TEST(HttpTransportTest, SendsTheseFieldsAndNoOthers) {
  Receiver receiver;
  Post({.endpoint = receiver.Endpoint() + "/a/../b?c=%20"}, "{}\n");
  ASSERT_EQ(receiver.requests().size(), 1u);
  const Received request = receiver.requests()[0];
  EXPECT_EQ(request.start, "POST /pings/a/../b?c=%20 HTTP/1.1");
  using Fields = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(request.headers,
            (Fields{{"Host", "127.0.0.1:" + std::to_string(receiver.port())},
                    {"User-Agent", "candor/0.1.0"},
                    {"Accept", "*/*"},
                    {"Content-Type", "application/json"},
                    {"Idempotency-Key", kId},
                    {"Content-Digest", "sha-256=:yj0WO6sFU4GCciYUBWjzvvfqrBh869doeOC2Pp5EI1Y=:"},
                    {"Content-Length", "3"}}));
}

TEST(HttpTransportTest, AsksTheSameServiceAtAnotherPath) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint() + "?a=b"});
  transport->Ask({"/v1/keys", ""});
  transport->Ask({"/v1/erasure", "{}"});
  ASSERT_EQ(receiver.requests().size(), 2u);
  EXPECT_EQ(receiver.requests()[0].start, "GET /v1/keys HTTP/1.1");
  EXPECT_EQ(receiver.requests()[0].body, "");
  EXPECT_EQ(receiver.requests()[0].Header("Content-Type"), "");
  EXPECT_EQ(receiver.requests()[1].start, "POST /v1/erasure HTTP/1.1");
  EXPECT_EQ(receiver.requests()[1].body, "{}");
  EXPECT_EQ(receiver.requests()[1].Header("Content-Type"), "application/json");
  EXPECT_EQ(receiver.requests()[1].Header("Idempotency-Key"), "");
}

TEST(HttpTransportTest, SendsLargeReportsWholeAndWithoutAskingFirst) {
  Receiver receiver;
  std::string body;
  while (body.size() < 5'000'000) body += std::to_string(body.size()) + "\n";
  const PostResult result = Post({.endpoint = receiver.Endpoint()}, body);
  EXPECT_EQ(result.status, 202) << result.error;
  ASSERT_EQ(receiver.requests().size(), 1u);
  EXPECT_EQ(receiver.requests()[0].body, body);
  EXPECT_EQ(receiver.requests()[0].Header("Expect"), "");
}

TEST(HttpTransportTest, PostsEachTimeOnAConnectionOfItsOwn) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(PostWith(*transport).status, 202);
  EXPECT_EQ(receiver.connections(), 3u);
  const auto accepted = receiver.accepted();
  ASSERT_EQ(accepted.size(), 1u);
  EXPECT_EQ(accepted.at(kId).times, 3u);
  EXPECT_FALSE(accepted.at(kId).differed);
}

TEST(HttpTransportTest, PassesEverySuccessOn) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  for (const int status : {200, 201, 202, 203, 204, 206, 299}) {
    receiver.Play({Answers(status)});
    const PostResult result = PostWith(*transport);
    EXPECT_EQ(result.outcome, Outcome::kAnswered) << result.error;
    EXPECT_EQ(result.status, status);
    EXPECT_EQ(result.receipt, "");
  }
}

TEST(HttpTransportTest, ReadsRetryAfter) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  const std::string date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  const std::vector<std::pair<std::string, std::optional<std::int64_t>>> cases = {
      {"Retry-After: 0\r\n", 0},
      {"retry-after:120\r\n", 120'000},
      {"Retry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n" + date, 60'000},
      {"Retry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n", std::nullopt},
      {"Retry-After: 1e99\r\n", std::nullopt},
      {"Retry-After: -5\r\n", std::nullopt},
      {"Retry-After: soon\r\n" + date, std::nullopt},
      {"", std::nullopt}};
  for (const auto& [fields, wait] : cases) {
    receiver.Play({Answers(503, fields)});
    const PostResult result = PostWith(*transport);
    EXPECT_EQ(result.status, 503);
    EXPECT_EQ(result.retry_after_ms, wait) << fields;
  }
}

TEST(HttpTransportTest, RefusesToSendUnderAnIdOrDigestThatIsNone) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  const std::string digest = Sha256Hex(kBody);
  const std::string ids[] = {
      "", "a b", "a\r\nX-Evil: 1", "\xc3\xa4", std::string("a\0b", 3), std::string(201, 'x')};
  for (const std::string& id : ids) {
    EXPECT_EQ(transport->Post({.body = kBody, .id = id, .digest = digest}).outcome,
              Outcome::kNotSent);
  }
  std::string upper = digest;
  upper[0] = 'A';
  for (const std::string_view bad :
       {std::string_view(), std::string_view(upper), std::string_view(digest).substr(1)}) {
    EXPECT_EQ(transport->Post({.body = kBody, .id = kId, .digest = bad}).outcome,
              Outcome::kNotSent);
  }
  EXPECT_EQ(receiver.connections(), 0u);
}

// TLS and proxies.

struct Authority {
  CertificateAuthority ca{"Test authority"};
  Folder folder;
  std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);

  ReceiverOptions Tls(const CertificateWish& wish = {}) const {
    ReceiverOptions options;
    options.tls = true;
    options.identity = ca.Issue(wish);
    return options;
  }
};

TEST(HttpTransportTest, TrustsTheAuthorityOfTheCaFile) {
  const Authority authority;
  Receiver receiver(authority.Tls({.names = {"127.0.0.1", "localhost"}}));
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    const PostResult result =
        Post({.endpoint = receiver.Endpoint(host), .ca_file = authority.ca_file});
    EXPECT_EQ(result.status, 202) << result.error;
  }
  // Without the file the system's authorities are asked, who know nothing of it.
  EXPECT_EQ(Post({.endpoint = receiver.Endpoint("localhost")}).outcome, Outcome::kNotSent);
  EXPECT_EQ(receiver.requests().size(), 2u);
}

TEST(HttpTransportTest, ShowsItsClientCertificate) {
  const Authority authority;
  ReceiverOptions options = authority.Tls();
  options.client_ca = authority.ca.certificate();
  Receiver receiver(options);
  const Identity client = authority.ca.Issue({.names = {"client"}});
  const std::string certificate = authority.folder.Write("c.pem", client.certificate, 0644);
  const std::string key = authority.folder.Write("k.pem", client.key);
  const std::string both = authority.folder.Write("b.pem", client.certificate + client.key);
  HttpOptions http{.endpoint = receiver.Endpoint("localhost"), .ca_file = authority.ca_file};
  EXPECT_NE(Post(http).outcome, Outcome::kAnswered);
  http.client_certificate_file = both;
  EXPECT_EQ(Post(http).status, 202);
  http.client_certificate_file = certificate;
  http.client_key_file = key;
  EXPECT_EQ(Post(http).status, 202);
  EXPECT_EQ(receiver.requests().size(), 2u);
}

TEST(HttpTransportTest, AsksNobodyForThePasswordOfAKey) {
  const Authority authority;
  Receiver receiver(authority.Tls());
  const Identity client = authority.ca.Issue({.names = {"client"}});
  const std::unique_ptr<Transport> transport =
      Make({.endpoint = receiver.Endpoint("localhost"),
            .ca_file = authority.ca_file,
            .client_certificate_file = authority.folder.Write("c.pem", client.certificate, 0644),
            .client_key_file = authority.folder.Write("k.pem", client.key)});
  authority.folder.Write("k.pem", EncryptedKey());
  testing::internal::CaptureStderr();
  EXPECT_EQ(PostWith(*transport).outcome, Outcome::kNotSent);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(HttpTransportTest, GoesThroughTheProxyWithItsCredentials) {
  const Authority authority;
  Receiver receiver(authority.Tls({.names = {"telemetry.test"}}));
  ReceiverOptions proxy_options;
  proxy_options.tunnel_to = receiver.port();
  const std::string user = "us er", password = "p:%41+\xc3\xa4\"";
  const std::string both = user + ":" + password;
  proxy_options.proxy_authorization =
      "Basic " + Base64({reinterpret_cast<const std::uint8_t*>(both.data()), both.size()});
  Receiver proxy(proxy_options);
  const HttpOptions http{.endpoint = "https://telemetry.test/pings",
                         .ca_file = authority.ca_file,
                         .proxy = "http://127.0.0.1:" + std::to_string(proxy.port()),
                         .proxy_credentials_file = authority.folder.Write("p", both + "\n")};
  const PostResult result = Post(http);
  EXPECT_EQ(result.status, 202) << result.error;
  ASSERT_EQ(proxy.requests().size(), 1u);
  const Received connect = proxy.requests()[0];
  EXPECT_EQ(connect.start, "CONNECT telemetry.test:443 HTTP/1.1");
  EXPECT_EQ(connect.Header("Idempotency-Key"), "");
  EXPECT_EQ(connect.Header("Content-Digest"), "");
  ASSERT_EQ(receiver.requests().size(), 1u);
  EXPECT_EQ(receiver.requests()[0].body, kBody);
  EXPECT_EQ(receiver.requests()[0].Header("Proxy-Authorization"), "");
}

TEST(HttpTransportTest, SpeaksTlsWithAProxyThatIsHttps) {
  const Authority authority;
  Receiver receiver(authority.Tls({.names = {"telemetry.test"}}));
  ReceiverOptions proxy_options = authority.Tls();
  proxy_options.tunnel_to = receiver.port();
  Receiver proxy(proxy_options);
  const PostResult result = Post({.endpoint = "https://telemetry.test/pings",
                                  .ca_file = authority.ca_file,
                                  .proxy = "https://localhost:" + std::to_string(proxy.port())});
  EXPECT_EQ(result.status, 202) << result.error;
  EXPECT_EQ(receiver.accepted().size(), 1u);
}

TEST(HttpTransportTest, ReachesThisMachineWithoutTheProxy) {
  Receiver receiver;
  Receiver proxy;
  const PostResult result = Post({.endpoint = receiver.Endpoint(),
                                  .proxy = "http://127.0.0.1:" + std::to_string(proxy.port())});
  EXPECT_EQ(result.status, 202) << result.error;
  EXPECT_EQ(proxy.connections(), 0u);
}

TEST(HttpTransportTest, ReadsProxyCredentialsAnewEachTime) {
  const Authority authority;
  const std::string path = authority.folder.Write("p", "u:p");
  Receiver proxy;
  const std::unique_ptr<Transport> transport =
      Make({.endpoint = "https://telemetry.test/",
            .proxy = "http://127.0.0.1:" + std::to_string(proxy.port()),
            .proxy_credentials_file = path});
  authority.folder.Write("p", "secret\n\n");
  const PostResult result = PostWith(*transport);
  EXPECT_EQ(result.outcome, Outcome::kNotSent);
  EXPECT_EQ(result.error.find("secret"), std::string::npos);
  EXPECT_EQ(proxy.connections(), 0u);
}

// Stopping.

TEST(HttpTransportTest, SendsNothingAfterCancel) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  transport->Cancel(0);
  const PostResult result = PostWith(*transport);
  EXPECT_EQ(result.outcome, Outcome::kNotSent);
  EXPECT_TRUE(result.cancelled);
  EXPECT_EQ(receiver.connections(), 0u);
}

TEST(HttpTransportTest, CancelLeavesAGrace) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  transport->Cancel(400);
  const auto start = SteadyClock::now();
  EXPECT_EQ(PostWith(*transport).status, 202);
  Script stall;
  stall.until = Script::Stage::kRequest;
  stall.act = Script::Act::kStall;
  receiver.PlayAlways(stall);
  PostResult result = PostWith(*transport);
  EXPECT_EQ(result.outcome, Outcome::kUncertain);
  EXPECT_TRUE(result.cancelled);
  EXPECT_GE(MillisSince(start), 390);
  EXPECT_LT(MillisSince(start), 1000);
  EXPECT_TRUE(PostWith(*transport).cancelled);
  EXPECT_EQ(receiver.connections(), 2u);
}

TEST(HttpTransportTest, ALaterCancelOnlyComesSooner) {
  Receiver receiver;
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  transport->Cancel(60'000);
  EXPECT_EQ(PostWith(*transport).status, 202);
  transport->Cancel(-5);
  transport->Cancel(60'000);
  EXPECT_TRUE(PostWith(*transport).cancelled);
}

// The host.

TEST(HttpTransportTest, LeavesNoDescriptorToProgramsThatTheHostStarts) {
  Receiver receiver;
  Script stall;
  stall.until = Script::Stage::kRequest;
  stall.act = Script::Act::kStall;
  receiver.Play({stall});
  const auto connected = [&] {  // The descriptors that are connected to the receiver.
    std::set<int> found;
    for (int i = 0; i < 256; ++i) {
      sockaddr_in peer{};
      socklen_t size = sizeof(peer);
      if (getpeername(i, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
          peer.sin_family == AF_INET && ntohs(peer.sin_port) == receiver.port()) {
        found.insert(i);
      }
    }
    return found;
  };
  const std::unique_ptr<Transport> transport = Make({.endpoint = receiver.Endpoint()});
  std::thread poster([&] { PostWith(*transport); });
  WaitFor([&] { return receiver.body_bytes() == kBody.size(); });
  ASSERT_EQ(connected().size(), 1u);
  EXPECT_NE(fcntl(*connected().begin(), F_GETFD) & FD_CLOEXEC, 0);
  transport->Cancel(0);
  poster.join();
  EXPECT_EQ(connected().size(), 0u);
}

TEST(HttpTransportTest, LeavesTheSignalMaskAsItWas) {
  Receiver receiver;
  sigset_t before, after;
  pthread_sigmask(SIG_BLOCK, nullptr, &before);
  EXPECT_EQ(Post({.endpoint = receiver.Endpoint()}).status, 202);
  pthread_sigmask(SIG_BLOCK, nullptr, &after);
  for (int signal = 1; signal < 32; ++signal) {
    EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal));
  }
}

// Making one.

std::vector<std::pair<std::string, ErrorCode>> ProblemsOf(const HttpOptions& options) {
  std::vector<std::pair<std::string, ErrorCode>> found;
  const Result<std::unique_ptr<Transport>> transport = MakeHttpTransport(options);
  if (transport.ok()) return found;
  for (const Error& error : transport.problems().list())
    found.emplace_back(error.where, error.code);
  return found;
}

TEST(MakeHttpTransportTest, FindsEveryProblemAtOnce) {
  const Folder folder;
  using Found = std::vector<std::pair<std::string, ErrorCode>>;
  EXPECT_EQ(ProblemsOf({}), (Found{{"/endpoint", ErrorCode::kMissing}}));
  EXPECT_EQ(ProblemsOf({.endpoint = "http://t.example/",
                        .ca_file = folder.Path("missing"),
                        .client_key_file = folder.Write("k", "-----BEGIN PRIVATE KEY-----", 0644),
                        .proxy_credentials_file = folder.Write("p", "nobody")}),
            (Found{{"/endpoint", ErrorCode::kOutOfRange},
                   {"/caFile", ErrorCode::kUnavailable},
                   {"/clientKeyFile", ErrorCode::kOutOfRange},
                   {"/clientKeyFile", ErrorCode::kConflict},
                   {"/proxyCredentialsFile", ErrorCode::kConflict},
                   {"/proxyCredentialsFile", ErrorCode::kOutOfRange}}));
  EXPECT_EQ(ProblemsOf({.endpoint = "https://t.example/",
                        .ca_file = folder.Write("ca", "-----BEGIN PRIVATE KEY-----"),
                        .client_certificate_file = folder.Write("c", "-----BEGIN CERTIFICATE-----"),
                        .proxy = "http://u:p@proxy:1"}),
            (Found{{"/caFile", ErrorCode::kOutOfRange},
                   {"/clientCertificateFile", ErrorCode::kOutOfRange},
                   {"/proxy", ErrorCode::kOutOfRange}}));
}

TEST(HttpOptionsOfTest, TakesThemFromTheConfiguration) {
  Config config;
  config.endpoint.value = "e";
  config.request_timeout_ms.value = 7;
  config.ca_file.value = "a";
  config.client_certificate_file.value = "c";
  config.client_key_file.value = "k";
  config.proxy.value = "p";
  config.proxy_credentials_file.value = "q";
  const HttpOptions options = HttpOptionsOf(config);
  EXPECT_EQ(options.endpoint, "e");
  EXPECT_EQ(options.timeout_ms, 7);
  EXPECT_EQ(options.ca_file, "a");
  EXPECT_EQ(options.client_certificate_file, "c");
  EXPECT_EQ(options.client_key_file, "k");
  EXPECT_EQ(options.proxy, "p");
  EXPECT_EQ(options.proxy_credentials_file, "q");
}

TEST(CurlReasonTest, LeavesOutHowLongItTook) {
  EXPECT_EQ(CurlReason("Failed to connect to 127.0.0.1 port 1 after 12 ms: Couldn't connect", {}),
            "Failed to connect to 127.0.0.1 port 1: Couldn't connect");
  EXPECT_EQ(CurlReason("closed after 3 bytes, after ms", {}), "closed after 3 bytes, after ms");
  EXPECT_EQ(CurlReason("went away after 12", {}), "went away after 12");
  EXPECT_EQ(CurlReason("", CURLE_COULDNT_CONNECT), curl_easy_strerror(CURLE_COULDNT_CONNECT));
}

}  // namespace
}  // namespace candor
