// What the collector answers, over real sockets.
#include <gtest/gtest.h>

#include "core/base64.h"
#include "core/json_reader.h"
#include "core/sha256.h"
#include "tests/native/collector_rig.h"

namespace candor {
namespace {

std::string DigestField(const std::string& body) {
  Sha256 hash;
  hash.Update(body);
  return "sha-256=:" + Base64(hash.Finish()) + ":";
}

class CollectorHttpTest : public CollectorRig {
 protected:
  int Status(const std::string& headers, const std::string& body) const {
    return Post(body, headers).status;
  }
  int Raw(const std::string& request) const { return AskOnce(at_, request).status; }
  std::string Metric(const std::string& outcome) const {
    const std::string name = "candor_collector_posts_total{outcome=\"" + outcome + "\"} ";
    const std::string text = Get("/metrics").body;
    const std::size_t at = text.find(name);
    if (at == std::string::npos) return "";
    return text.substr(at + name.size(), text.find('\n', at) - at - name.size());
  }
  const std::string report_ = EngineReport(InstallationId(1));
};

TEST_F(CollectorHttpTest, AnswersTheOriginalPathAndItsOwn) {
  Start();
  EXPECT_EQ(Post(report_, Key("a"), "/pings").status, 202);
  EXPECT_EQ(Post(report_, Key("a"), "/v1/reports").status, 200);
  EXPECT_EQ(Post(EngineReport(InstallationId(1), 2), Key("a")).status, 422);
  EXPECT_EQ(Post(report_, Key("\"a\"")).status, 200) << "the draft's quoted form";
  EXPECT_EQ(Metric("accepted"), "1");
  EXPECT_EQ(Metric("repeated"), "2");
  EXPECT_EQ(Metric("conflicting"), "1");
}

TEST_F(CollectorHttpTest, SaysAllThatIsWrongWithAReport) {
  Start();
  const ClientAnswer answer =
      Post(R"({"installation": 1, "product": {"name": 2, "internals": {"jdk": {}}}})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.head.find("application/problem+json"), std::string::npos);
  const JsonValue problem = ReadJson(answer.body).value();
  std::string places;
  for (const JsonValue& error : problem.Find("errors")->items()) {
    places += error.Find("pointer")->text() + " ";
  }
  EXPECT_EQ(places, "/installation /product/name /product/version /product/edition ");
}

TEST_F(CollectorHttpTest, RefusesStrangeKeys) {
  Start();
  EXPECT_EQ(Status(Key(std::string(128, 'k')), report_), 202);
  EXPECT_EQ(Status(Key(std::string(129, 'k')), report_), 400);
  EXPECT_EQ(Status(Key("a b"), report_), 400);
  EXPECT_EQ(Status(Key(""), report_), 400);
  EXPECT_EQ(Status(Key("\"\""), report_), 400);
  EXPECT_EQ(Status(Key("a") + Key("b"), report_), 400);
  EXPECT_EQ(Status(Key("a") + Key("a"), report_), 400);
}

TEST_F(CollectorHttpTest, HoldsABodyAgainstItsContentDigest) {
  Start();
  const std::string right = DigestField(report_), wrong = DigestField(report_ + " ");
  const auto status = [this](const std::string& field) {
    return Status("Content-Digest: " + field + "\r\n", report_);
  };
  EXPECT_EQ(status(right), 202);
  EXPECT_EQ(status(wrong), 400);
  EXPECT_EQ(status("sha-256=:AAAA:"), 400);
  EXPECT_EQ(status("sha-256=" + right.substr(9, 44)), 400) << "without its colons";
  EXPECT_EQ(status("sha-512=:AAAA:"), 200) << "an algorithm that is not held against anything";
  EXPECT_EQ(status("sha-512=:AAAA:, " + right), 200);
  EXPECT_EQ(status("sha-512=:AAAA:, " + wrong), 400);
  EXPECT_EQ(status(right + "," + wrong), 400);
  EXPECT_EQ(Status("Content-Digest: " + right + "\r\nContent-Digest: " + right + "\r\n", report_),
            400);
}

TEST_F(CollectorHttpTest, RefusesWhatCannotBeRead) {
  Start({.most_body_bytes = 1000});
  const std::string head = "POST /v1/reports HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(Raw(head + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"), 415);
  EXPECT_EQ(Raw(head + "Content-Length: 2\r\n\r\n{}"), 415);
  EXPECT_EQ(Raw(head + "Content-Type: application/json\r\n\r\n"), 411);
  EXPECT_EQ(Raw(head + "Content-Type: application/json\r\nContent-Length: 1001\r\n\r\n"), 413);
  EXPECT_EQ(Post(std::string(1000, ' ')).status, 400);
  EXPECT_EQ(Post("{}", "Content-Encoding: gzip\r\n").status, 415);
  EXPECT_EQ(Raw("GET /v1/reports HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
  EXPECT_EQ(Raw("DELETE /pings HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
  EXPECT_EQ(Post("{}", "", "/v2/reports").status, 404);
  EXPECT_EQ(Get("/none").status, 404);
}

TEST_F(CollectorHttpTest, RefusesABodyOfTwoLengths) {
  Start();
  const std::string head =
      "POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  const std::string length = "Content-Length: " + std::to_string(report_.size()) + "\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string chunk = "5\r\n{\"a\":\r\n0\r\n\r\n";
  EXPECT_EQ(Raw(head + length + "\r\n" + report_), 202);
  EXPECT_EQ(Raw(head + length + chunked + "\r\n" + chunk), 400);
  EXPECT_EQ(Raw(head + chunked + length + "\r\n" + chunk), 400);
  EXPECT_EQ(Raw(head + length + length + "\r\n" + report_), 400);
  EXPECT_EQ(Raw(head + length + "Content-Length: 5\r\n\r\n" + report_), 400);
  EXPECT_EQ(Raw(head + "Content-Length: +5\r\n\r\n12345"), 400);
  EXPECT_EQ(Raw(head + "Content-Length: 5, 5\r\n\r\n12345"), 400);
  EXPECT_EQ(Raw(head + chunked + "\r\n" + chunk), 411);
  EXPECT_EQ(Raw(head + "Transfer-Encoding: xchunked\r\n\r\n" + chunk), 411);
  EXPECT_EQ(Metric("accepted"), "1");
}

TEST_F(CollectorHttpTest, NothingBehindARefusedBodyIsTakenForARequest) {
  Start();
  LocalClient client(at_);
  const std::string hidden = RequestText("POST", "/pings", report_);
  client.Send(
      "POST /pings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4\r\n"
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
      hidden);
  EXPECT_EQ(client.Receive().status, 400);
  EXPECT_TRUE(client.Ends());
  EXPECT_EQ(Metric("accepted"), "0");
}

TEST_F(CollectorHttpTest, AnswersSeveralOnOneConnectionInTheirOrder) {
  Start();
  LocalClient client(at_);
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += RequestText("POST", "/pings", EngineReport(InstallationId(i)));
  }
  client.Send(requests);
  for (int i = 0; i < 20; ++i) {
    const ClientAnswer answer = client.Receive();
    ASSERT_EQ(answer.status, 202) << i;
    EXPECT_NE(answer.body.find(Sha256Hex(EngineReport(InstallationId(i)))), std::string::npos);
  }
}

TEST_F(CollectorHttpTest, GoesOnWhenWhoAskedIsGone) {
  Start();
  for (int i = 0; i < 50; ++i) {
    LocalClient(at_).Send(RequestText("POST", "/pings", EngineReport(InstallationId(i))));
  }
  EXPECT_EQ(Post(EngineReport(InstallationId(99))).status, 202);
}

// One token a client: who is the sender shows in who is refused.
class CollectorProxyTest : public CollectorHttpTest {
 protected:
  void StartWith(const std::vector<std::string>& proxies) {
    Start({.address = {.burst = 1, .per_second = 0.001}}, proxies);
  }
  int From(const std::string& forwarded) {
    return Post(EngineReport(InstallationId(++posts_)), "X-Forwarded-For: " + forwarded + "\r\n")
        .status;
  }
  int posts_ = 0;
};

TEST_F(CollectorProxyTest, DoesNotBelieveWhoIsNoTrustedProxy) {
  StartWith({"192.0.2.9"});
  EXPECT_EQ(From("203.0.113.1"), 202);
  EXPECT_EQ(From("203.0.113.2"), 429);
  EXPECT_EQ(From("192.0.2.9"), 429);
}

TEST_F(CollectorProxyTest, TakesTheNearestHopThatIsNoProxy) {
  StartWith({"127.0.0.1", "192.0.2.9"});
  EXPECT_EQ(From("203.0.113.1"), 202);
  EXPECT_EQ(From("203.0.113.1"), 429);
  EXPECT_EQ(From("198.51.100.7, 203.0.113.1"), 429) << "what stands before is the sender's to say";
  EXPECT_EQ(From("203.0.113.2,192.0.2.9"), 202);
  EXPECT_EQ(From("203.0.113.2 , 192.0.2.9 "), 429);
  EXPECT_EQ(From("1.1.1.1\r\nX-Forwarded-For: 203.0.113.2"), 429) << "fields are one list";
  EXPECT_EQ(From("1.1.1.1\r\nX-Forwarded-For: 203.0.113.3"), 202);
  EXPECT_EQ(From("::ffff:203.0.113.3"), 429);
}

TEST_F(CollectorProxyTest, TakesTheProxyWhereItNamesNobody) {
  StartWith({"127.0.0.1"});
  EXPECT_EQ(From(""), 202);
  EXPECT_EQ(From(" , "), 429);
  EXPECT_EQ(Post(EngineReport(InstallationId(77))).status, 429);
}

TEST_F(CollectorHttpTest, TakesNothingMoreOnceItDrains) {
  Start();
  EXPECT_EQ(Get("/readyz").status, 200);
  EXPECT_EQ(Post(report_).status, 202);
  api_->Drain(1000);
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_EQ(Get("/healthz").status, 200);
  const ClientAnswer answer = Post(EngineReport(InstallationId(2)));
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.head.find("Retry-After: "), std::string::npos);
}

TEST_F(CollectorHttpTest, SaysInItsMetricsNothingOfWhoCame) {
  Start();
  Post(report_);
  const std::string text = Get("/metrics").body;
  EXPECT_EQ(text.find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(text.find(InstallationId(1)), std::string::npos);
}

}  // namespace
}  // namespace candor
