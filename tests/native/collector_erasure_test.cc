// Who may have which reports deleted: the door of erasure, and the real reporter in front of it.
#include <gtest/gtest.h>

#include <csignal>
#include <map>

#include "core/day.h"
#include "core/erasure.h"
#include "core/json_reader.h"
#include "native/collector/store/open_collector_store.h"
#include "tests/native/collected_site.h"
#include "tests/native/collector_process.h"
#include "tests/native/collector_rig.h"
#include "tests/native/shared_postgres.h"

namespace candor {
namespace {

std::string Asks(const std::string& installation, const std::string& secret) {
  return R"({"installation": ")" + installation + R"(", "secret": ")" + secret + "\"}";
}
std::string Member(const std::string& json, const char* name) {
  const Result<JsonValue> document = ReadJson(json);
  const JsonValue* const value = document.ok() ? document.value().Find(name) : nullptr;
  return value == nullptr ? "" : value->text();
}
std::map<std::string, int> Stored(CollectorStore& store) {
  std::map<std::string, int> reports;
  EXPECT_FALSE(store.Scan(0, kLatestTime, [&](StoredReport& report) {
    ++reports[report.installation];
    return true;
  }));
  return reports;
}

// On each kind of store.
class ErasureDoorTest : public CollectorRig, public testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "Sqlite") return;
    if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
    place_.database = NewSchema();
  }
  static std::string Report(int installation, const std::string& secret, int count = 1) {
    std::string report = EngineReport(InstallationId(installation), count);
    return report.insert(1, R"("erasure": ")" + ErasureHash(secret) + "\", ");
  }
  ClientAnswer Erase(const std::string& body) const { return Post(body, "", "/v1/erasure"); }
  // Without the time.
  static std::string Head(const ClientAnswer& answer) {
    const std::size_t at = answer.head.find("Date:");
    return at == std::string::npos
               ? answer.head
               : answer.head.substr(0, at) + answer.head.substr(answer.head.find('\n', at));
  }
  const std::string one_ = std::string(64, '1'), two_ = std::string(64, '2');
};

TEST_P(ErasureDoorTest, DeletesWhatCarriesTheSecretsHashAndNothingElse) {
  Start();
  for (int count = 1; count <= 3; ++count) Post(Report(1, one_, count), Key(std::to_string(count)));
  Post(EngineReport(InstallationId(1)), Key("without"));
  Post(Report(2, two_), Key("a"));
  EXPECT_EQ(Member(Erase(Asks(InstallationId(1), one_)).body, "erased"), "3");
  EXPECT_EQ(Stored(*store_),
            (std::map<std::string, int>{{InstallationId(1), 1}, {InstallationId(2), 1}}));
}

TEST_P(ErasureDoorTest, TellsNobodyWhetherThereIsSuchAnInstallation) {
  Start();
  Post(Report(1, one_), Key("a"));
  const ClientAnswer wrong = Erase(Asks(InstallationId(1), two_));
  const ClientAnswer unknown = Erase(Asks(InstallationId(7), two_));
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(Head(wrong), Head(unknown));
  EXPECT_EQ(Member(wrong.body, "erased"), "0");
  EXPECT_EQ(Stored(*store_).size(), 1U);
}

// The hash is in every report, and on the way of each of them.
TEST_P(ErasureDoorTest, TakesTheSecretAndNotItsHash) {
  Start();
  Post(Report(1, one_), Key("a"));
  EXPECT_EQ(Member(Erase(Asks(InstallationId(1), ErasureHash(one_))).body, "erased"), "0");
  EXPECT_EQ(Stored(*store_).size(), 1U);
}

TEST_P(ErasureDoorTest, DoesNotTakeAnErasedReportAgain) {
  Start();
  const std::string report = Report(1, one_);
  const ClientAnswer first = Post(report, Key("a"));
  Erase(Asks(InstallationId(1), one_));
  const ClientAnswer again = Post(report, Key("a"));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_TRUE(Stored(*store_).empty());
}

TEST_P(ErasureDoorTest, KnowsAUuidInEitherCase) {
  Start();
  std::string id = "abcdefab-0000-4000-8000-000000000000", report = Report(1, one_);
  report.replace(report.find(InstallationId(1)), id.size(), id);
  Post(report, Key("a"));
  for (char& c : id) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(Member(Erase(Asks(id, one_)).body, "erased"), "1");
}

TEST_P(ErasureDoorTest, RefusesWhatIsNoWish) {
  Start();
  EXPECT_EQ(Get("/v1/erasure").status, 405);
  for (const std::string body : {"", "{}", "[]", "{", R"({"installation": "a"})",
                                 R"({"installation": "a", "secret": "b"})"}) {
    EXPECT_EQ(Erase(body).status, 400) << body;
  }
  EXPECT_EQ(Erase(Asks("a", one_).insert(1, R"("more": 1, )")).status, 400);
  EXPECT_EQ(Erase(Asks(std::string(5000, 'a'), one_)).status, 413);
}

TEST_P(ErasureDoorTest, IsOpenOnceInAWhileToAnAddress) {
  Start();
  int answered = 0;
  while (answered < 100 && Erase(Asks("a", one_)).status == 200) ++answered;
  EXPECT_EQ(answered, 60);
  const ClientAnswer limited = Erase(Asks("a", one_));
  EXPECT_EQ(limited.status, 429);
  EXPECT_NE(limited.head.find("Retry-After: "), std::string::npos);
  EXPECT_EQ(Post(EngineReport(InstallationId(1)), Key("a")).status, 202)
      << "reports have a door of their own";
  clock_.boot_ms += 11'000;
  EXPECT_EQ(Erase(Asks("a", one_)).status, 200);
}

TEST_P(ErasureDoorTest, LeavesNothingOfItInStatistics) {
  Start();
  constexpr int kInstallations = 12;
  for (int i = 0; i < kInstallations; ++i) Post(Report(i, one_, 100 + i), Key(std::to_string(i)));
  const auto deployed = [this]() -> std::string {
    const std::int64_t today = clock_.wall_ms / kDayMs;
    const auto read =
        ReadStatistics(*seen_, catalogues_, {.first_day = today, .last_day = today}).value();
    if (read.catalogues.size() != 1) return "not told";
    for (const StatisticsCount& count : read.catalogues.front().counts) {
      if (!count.place.ends_with("/DeployCmd/count")) continue;
      return std::to_string(count.installations) + " " + count.total;
    }
    return "not counted";
  };
  ASSERT_EQ(deployed(), "12 1266");
  EXPECT_EQ(Member(Erase(Asks(InstallationId(11), one_)).body, "erased"), "1");
  EXPECT_EQ(deployed(), "11 1155");
  Erase(Asks(InstallationId(10), one_));
  Erase(Asks(InstallationId(9), one_));
  EXPECT_EQ(deployed(), "not told") << "nine are too few";
}

INSTANTIATE_TEST_SUITE_P(Stores, ErasureDoorTest, testing::Values("Sqlite", "Postgres"),
                         [](const auto& of) { return of.param; });

class ErasedSiteTest : public CollectedTest {
 protected:
  // The installation's id.
  std::string SendOne(const std::string& state) {
    state_ = state;
    const std::string shown = Grant();
    EXPECT_TRUE(IsErasureText(Member(shown, "erasure"))) << shown;
    const Ran sent = Run("send", true);
    EXPECT_EQ(sent.status, 0) << sent.output;
    return Member(shown, "installation");
  }
};

TEST_F(ErasedSiteTest, OneIsErasedAndTheOtherStays) {
  CollectorProcess collector(folder_);
  Configure("http://" + collector.Address() + "/v1/reports", R"(, "erasable": true)");
  const std::string mine = SendOne("mine"), other = SendOne("other");
  ASSERT_NE(mine, other);
  state_ = "mine";
  EXPECT_NE(Run("erase").status, 0) << "nobody was asked";
  const Ran erased = Run("erase --yes --json");
  EXPECT_EQ(erased.status, 0) << erased.output;
  EXPECT_EQ(Member(erased.output, "erased"), "1") << erased.output;
  EXPECT_EQ(Member(Run("erase --yes --json").output, "erased"), "0");
  collector.End(SIGTERM);
  const auto store = OpenCollectorStore({folder_.Path("store")}).value();
  EXPECT_EQ(Stored(*store), (std::map<std::string, int>{{other, 1}}));
  const std::string history = Run("history export").output;
  EXPECT_NE(history.find("\"erased\""), std::string::npos) << history;
}

TEST_F(ErasedSiteTest, SaysWhatToDoWhereTheServiceCannotBeReached) {
  {
    CollectorProcess collector(folder_);
    Configure("http://" + collector.Address() + "/v1/reports", R"(, "erasable": true)");
    SendOne("mine");
    collector.End(SIGTERM);
  }
  const Ran erased = Run("erase --yes");
  EXPECT_EQ(erased.status, 1) << erased.output;
  EXPECT_NE(erased.output.find("asked for again at any time"), std::string::npos) << erased.output;
}

TEST_F(ErasedSiteTest, TheSecretIsShownNowhere) {
  CollectorProcess collector(folder_);
  Configure("http://" + collector.Address() + "/v1/reports", R"(, "erasable": true)");
  SendOne("mine");
  const std::string state = RunLine("strings -n 64 " + folder_.Path("mine/state.db") + " " +
                                    folder_.Path("mine/state.db-wal") + " 2>&1")
                                .output;
  const std::size_t at = state.find("\"erasureSecret\": \"");
  ASSERT_NE(at, std::string::npos) << "it is kept there";
  const std::string secret = state.substr(at + 18, 64);
  ASSERT_TRUE(IsErasureText(secret)) << secret;
  for (const char* command :
       {"status", "status --json", "history export", "consent show", "preview", "--version"}) {
    EXPECT_EQ(Run(command).output.find(secret), std::string::npos) << command;
  }
  EXPECT_EQ(RunLine("stat -c %a " + folder_.Path("mine/state.db")).output, "600\n");
  Run("erase --yes --verbose");
  EXPECT_EQ(collector.Log().find(secret), std::string::npos);
}

}  // namespace
}  // namespace candor
