// What the collector lets people see, and whom.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

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

class CollectorStatisticsViewTest : public CollectorRig {
 protected:
  void Report(int first, int last) {
    for (int i = first; i <= last; ++i) {
      ASSERT_EQ(Post(EngineReport(InstallationId(i))).status, 202);
    }
  }
  std::string Today() const { return TimeText(clock_.wall_ms).substr(0, 10); }
  std::string Of(const std::string& from, const std::string& to) const {
    return "/v1/statistics?from=" + from + "&to=" + to;
  }
};

TEST_F(CollectorStatisticsViewTest, TellsNoFewerThanTen) {
  Start();
  Report(1, 9);
  const JsonValue few = ReadJson(Get(Of(Today(), Today())).body).value();
  EXPECT_EQ(few.Find("leastInstallations")->text(), "10");
  EXPECT_TRUE(few.Find("catalogues")->items().empty());
  Report(10, 10);
  clock_.boot_ms += StatisticsDesk::kKeepMs;
  const JsonValue enough = ReadJson(Get(Of(Today(), Today())).body).value();
  ASSERT_EQ(enough.Find("catalogues")->items().size(), 1U);
  EXPECT_EQ(enough.Find("catalogues")->items()[0].Find("installations")->text(), "10");
  const ClientAnswer csv = Get("/v1/statistics.csv?to=" + Today());
  EXPECT_NE(csv.head.find("text/csv"), std::string::npos);
  EXPECT_NE(csv.body.find("engine,catalogue,,,10,10\r\n"), std::string::npos) << csv.body;
}

TEST_F(CollectorStatisticsViewTest, AreReadOnceInAWhileHoweverManyAsk) {
  Start();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Get(Of(Today(), Today())).status, 200);
  EXPECT_EQ(statistics_read_, 1);
  EXPECT_EQ(Get(Of("2026-01-01", Today())).status, 200);
  EXPECT_EQ(statistics_read_, 2);
  clock_.boot_ms += StatisticsDesk::kKeepMs;
  EXPECT_EQ(Get(Of(Today(), Today())).status, 200);
  EXPECT_EQ(statistics_read_, 3);
}

TEST_F(CollectorStatisticsViewTest, TakeDaysAndNothingElse) {
  Start();
  EXPECT_EQ(Get("/v1/statistics").status, 200);
  EXPECT_EQ(Get(Of("2026-11-02", "2026-11-01")).status, 400);
  EXPECT_EQ(Get(Of("2026-13-01", "yesterday")).status, 400);
  EXPECT_EQ(Get("/v1/statistics?from=2026-11-01&from=2026-11-01").status, 400);
  EXPECT_EQ(Get("/v1/statistics?least=1").status, 400) << "no smaller groups for anybody";
}

TEST_F(CollectorStatisticsViewTest, AreNotForOthersUnlessTheyArePublic) {
  Start();
  HttpRequest head{"GET", "/v1/statistics", {}, ""};
  HttpPeer far;
  far.address = "192.0.2.1";
  far.tls = true;
  CollectorViews::Parts parts{*seen_, *desk_, clock_, {}};
  EXPECT_EQ(CollectorViews(parts).Handle(head, far)->answer->status, 403);
  parts.proxies = {"192.0.2.1"};
  EXPECT_TRUE(CollectorViews(parts).Handle(head, far)->later);
  head.target = "/metrics";
  EXPECT_FALSE(CollectorViews(parts).Handle(head, far)) << "others answer that";
  parts.proxies.clear();
  EXPECT_EQ(CollectorViews(parts).Handle(head, far)->answer->status, 403);
  parts.public_statistics = true;
  EXPECT_FALSE(CollectorViews(parts).Handle(head, far));
  head.target = "/v1/statistics";
  EXPECT_TRUE(CollectorViews(parts).Handle(head, far)->later);
  head.target = kLatest;
  EXPECT_EQ(CollectorViews(parts).Handle(head, far)->answer->status, 403);
}

TEST_F(CollectorStatisticsViewTest, KeepNoReportWaiting) {
  std::promise<void> asked, may_read;
  Start();
  std::atomic<int> done = 0;
  const auto slow = [&] {
    asked.set_value();
    may_read.get_future().wait();
    ++done;
  };
  ASSERT_TRUE(desk_->Do(slow));
  asked.get_future().wait();
  for (std::size_t i = 0; i < StatisticsDesk::kMostWaiting; ++i) {
    ASSERT_TRUE(desk_->Do([&] { ++done; }));
  }
  EXPECT_FALSE(desk_->Do([&] { ++done; })) << "nobody waits without an end";
  EXPECT_EQ(Get("/v1/statistics").status, 503);
  Report(1, 3);
  EXPECT_EQ(done, 0);
  may_read.set_value();
  desk_.reset();
}

using CollectorPageTest = CollectorRig;

TEST_F(CollectorPageTest, ServesItsPageUnderAStrictPolicy) {
  Start();
  const ClientAnswer page = Get("/");
  if (page.status == 404) GTEST_SKIP() << "built without the page";
  EXPECT_NE(page.head.find("script-src 'self';"), std::string::npos) << page.head;
  EXPECT_EQ(Get("/upload").body, page.body);
  EXPECT_EQ(Get("/lately").body, page.body);
  EXPECT_EQ(Get("/assets/none.js").status, 404);
  EXPECT_EQ(Get("/../etc/passwd").status, 404);
}

using CollectorFileTest = CollectorRig;

TEST_F(CollectorFileTest, TakesAReportThatWasCarriedHereOnceByWhateverWay) {
  Start();
  const std::string report = EngineReport(InstallationId(1)), file = "Candor-Way: file\r\n";
  const ClientAnswer first = Post(report, file);
  EXPECT_EQ(first.status, 202);
  clock_.wall_ms += 100LL * 24 * 60 * 60 * 1000;
  const ClientAnswer again = Post(report, file);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body) << "the first receipt";
  EXPECT_EQ(Post(report, Key("a")).status, 200) << "sent, too";
  EXPECT_EQ(ReadJson(Get(kLatest).body).value().Find("reports")->items().size(), 1U);
  EXPECT_EQ(Post(report, file + Key("a")).status, 400);
  EXPECT_EQ(Post(report, "Candor-Way: post\r\n").status, 400);
}

}  // namespace
}  // namespace candor
