// What the collector lets people see, and whom.
#include <gtest/gtest.h>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "tests/native/collector_rig.h"

namespace candor {
namespace {

constexpr char kLatest[] = "/v1/reports?latest=20";

class CollectorLatestTest : public CollectorRig {
 protected:
  int Look(const std::string& headers, const std::string& target = kLatest) const {
    return AskOnce(at_, "GET " + target + " HTTP/1.1\r\n" + headers + "\r\n").status;
  }
  const std::string report_ = EngineReport(InstallationId(1));
};

TEST_F(CollectorLatestTest, ListsWhatCameLastWithoutAddresses) {
  Start();
  ASSERT_EQ(Post(report_, Key("a")).status, 202);
  clock_.wall_ms += 1000;
  ASSERT_EQ(Post(EngineReport(InstallationId(2)), Key("b")).status, 202);
  const JsonValue answer = ReadJson(Get(kLatest).body).value();
  const auto& reports = answer.Find("reports")->items();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].Find("installation")->text(), InstallationId(2));
  EXPECT_EQ(reports[0].Find("time")->text(), TimeText(clock_.wall_ms));
  EXPECT_EQ(reports[1].Find("digest")->text(), Sha256Hex(report_));
  EXPECT_EQ(reports[1].Find("catalogue")->text(), "engine");
  EXPECT_EQ(reports[1].Find("way")->text(), "post");
  EXPECT_EQ(reports[1].members().size(), 5U);
  EXPECT_EQ(ReadJson(Get("/v1/reports?latest=1").body).value().Find("reports")->items().size(), 1U);
}

TEST_F(CollectorLatestTest, IsForTheOperatorAlone) {
  Start();
  EXPECT_EQ(Look("Host: localhost:8046\r\n"), 200);
  EXPECT_EQ(Look("Host: [::1]:8046\r\n"), 200);
  EXPECT_EQ(AskOnce(unix_, RequestText("GET", kLatest)).status, 200);
  EXPECT_EQ(Look("Host: evil.example\r\n"), 403) << "a page whose name leads here";
  EXPECT_EQ(Look("Host: evil.localhost\r\n"), 403);
  EXPECT_EQ(Look("Host: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n"), 403);
  EXPECT_EQ(Look("Host: localhost\r\nForwarded: for=192.0.2.1\r\n"), 403);
  EXPECT_EQ(Look("Host: localhost\r\n", "/v1/reports?latest=0"), 400);
  EXPECT_EQ(Look("Host: localhost\r\n", "/v1/reports?latest=1001"), 400);
  EXPECT_EQ(Look("Host: localhost\r\n", "/v1/reports?latest=1&x"), 400);
}

TEST_F(CollectorLatestTest, IsNotForWhoComesThroughAProxy) {
  Start({}, {"127.0.0.1"});
  EXPECT_EQ(Look("Host: localhost\r\n"), 403);
  EXPECT_EQ(AskOnce(unix_, RequestText("GET", kLatest)).status, 200);
}

}  // namespace
}  // namespace candor
