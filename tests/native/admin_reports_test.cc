// Reports and their history through the admin API, and where the state is kept: a folder, a
// database, and through a kill.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "core/journal.h"
#include "core/sha256.h"
#include "native/host/host_work.h"
#include "native/reporter/engine_places.h"
#include "native/state/open_store.h"
#include "tests/native/handlers_rig.h"
#include "tests/native/postgres_server.h"

namespace candor {
namespace {

const std::string kGrant = R"({"as": "grant", "withheld": []})";
const std::string kDeploy = places::CountAt(places::kCommands, "DeployCmd");

// The id of a report that waits, after a yes.
std::string Sealed(HandlersRig& rig) {
  rig.Count(kDeploy);
  const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada));
  EXPECT_EQ(rig.Decide(GrantOf(digest), rig.Tag(), rig.ada).status, 200);
  return rig.Read().state.pending;
}

TEST(AdminReportsTest, AreListedNewestFirstUpToALimit) {
  HandlersRig rig(AdminConfig("engine"));
  EXPECT_EQ(Document(rig.Get("/api/v1/reports")).Find("reports")->items().size(), 0U);
  const std::string first = Sealed(rig);
  ASSERT_EQ(rig.Decide(R"({"verdict": "denied"})", rig.Tag(), rig.ada).status, 200);
  const std::string second = Sealed(rig);
  const JsonValue all = Document(rig.Get("/api/v1/reports"));
  ASSERT_EQ(all.Find("reports")->items().size(), 2U);
  EXPECT_EQ(TextAt(all.Find("reports")->items()[0], {"id"}), second);
  EXPECT_EQ(TextAt(all.Find("reports")->items()[1], {"fate"}), "withdrawn");
  EXPECT_EQ(Document(rig.Get("/api/v1/reports?limit=1")).Find("reports")->items().size(), 1U);
  for (const char* const query :
       {"limit=0", "limit=1001", "limit=x", "x=1", "limit=1&limit=2", "="}) {
    EXPECT_EQ(rig.Get(std::string("/api/v1/reports?") + query).status, 400) << query;
  }
  // A no has wiped the bytes, and kept the record.
  EXPECT_EQ(rig.Get("/api/v1/reports/" + first).status, 200);
  EXPECT_EQ(rig.Get("/api/v1/reports/" + first + "/bytes").status, 404);
  EXPECT_EQ(rig.Get("/api/v1/reports/x").status, 404);
  EXPECT_EQ(rig.Get("/api/v1/reports/x/bytes").status, 404);
}

TEST(AdminReportsTest, OneThatWaitsIsWithdrawnAndNoOther) {
  HandlersRig rig(AdminConfig("engine"));
  const std::string id = Sealed(rig);
  const auto withdraw = [&](const std::string& which) {
    return rig.Ask("POST", "/api/v1/reports/" + which + "/withdraw", "", {}, rig.ada).status;
  };
  EXPECT_EQ(withdraw("another"), 404);
  EXPECT_TRUE(rig.Read().pending);
  EXPECT_EQ(withdraw(id), 204);
  EXPECT_FALSE(rig.Read().pending);
  EXPECT_EQ(withdraw(id), 409);
  EXPECT_EQ(TextAt(Document(rig.Get("/api/v1/reports/" + id)), {"fate"}), "withdrawn");
}

HttpAnswer AskToSend(HandlersRig& rig) { return rig.Ask("POST", "/api/v1/send", "", {}, rig.ada); }

// "" when nothing was refused.
std::string WhyNotSent(HandlersRig& rig, int status) {
  const HttpAnswer answer = AskToSend(rig);
  EXPECT_EQ(answer.status, status) << answer.body;
  return TextAt(Document(answer), {"detail"});
}

int Attempts(HandlersRig& rig) {
  const Snapshot now = rig.Read();
  return now.pending ? static_cast<int>(now.pending->attempts) : -1;
}

TEST(AdminReportsTest, AreNotSentNowWithoutAYesAndThatIsSaidInWords) {
  HandlersRig rig(AdminConfig("engine"));
  EXPECT_NE(WhyNotSent(rig, 409).find("nothing is sent until somebody decides"), std::string::npos);
  ASSERT_EQ(rig.Decide(R"({"verdict": "denied"})", rig.Tag(), rig.ada).status, 200);
  EXPECT_NE(WhyNotSent(rig, 409).find("Denied by ada"), std::string::npos);
  HandlersRig download(AdminConfig("engine", R"("mode": "download")"));
  EXPECT_NE(WhyNotSent(download, 409).find("The mode is download"), std::string::npos);
  HandlersRig disabled(AdminConfig("engine", R"("mode": "disabled")"));
  EXPECT_NE(WhyNotSent(disabled, 409).find("The mode is disabled"), std::string::npos);
  HandlersRig nowhere(AdminConfig("engine", R"("endpoint": "")"));
  ASSERT_EQ(nowhere.Decide(R"({"verdict": "granted", "unseen": true})", nowhere.Tag(), nowhere.ada)
                .status,
            200);
  EXPECT_NE(WhyNotSent(nowhere, 409).find("No endpoint"), std::string::npos);
}

TEST(AdminReportsTest, AreSentNowByTheReportersOwnThreadOnceAPress) {
  HandlersRig rig(AdminConfig("engine"));
  Sealed(rig);
  EXPECT_EQ(WhyNotSent(rig, 503), "the reporter does not run now");
  HostWork work(rig.shared_core());
  int woken = 0;
  rig.core().send_wish.HeardBy([&] {
    ++woken;
    return true;
  });
  work.Turn();
  EXPECT_EQ(Attempts(rig), 0);
  EXPECT_EQ(AskToSend(rig).body, "{\n  \"begun\": true\n}\n");
  EXPECT_EQ(AskToSend(rig).body, "{\n  \"begun\": false\n}\n");
  EXPECT_EQ(AskToSend(rig).status, 202);
  EXPECT_GT(woken, 0);
  EXPECT_EQ(Attempts(rig), 0);
  work.Turn();
  EXPECT_EQ(Attempts(rig), 1);
  work.Turn();
  EXPECT_EQ(Attempts(rig), 1);
  EXPECT_EQ(AskToSend(rig).body, "{\n  \"begun\": true\n}\n");
}

TEST(AdminReportsTest, AreNotSentNowWhenSomebodySaysNoBeforeTheThreadWakes) {
  HandlersRig rig(AdminConfig("engine"));
  const std::string id = Sealed(rig);
  rig.core().send_wish.HeardBy([] { return true; });
  ASSERT_EQ(AskToSend(rig).status, 202);
  ASSERT_EQ(rig.Decide(R"({"verdict": "denied"})", rig.Tag(), rig.ada).status, 200);
  HostWork(rig.shared_core()).Turn();
  const JsonValue record = Document(rig.Get("/api/v1/reports/" + id));
  EXPECT_EQ(TextAt(record, {"fate"}), "withdrawn");
  EXPECT_EQ(TextAt(record, {"attempts"}), "0");
  EXPECT_EQ(Document(rig.Get("/api/v1/reports")).Find("reports")->items().size(), 1U);
}

TEST(AdminReportsTest, StayInSightForTheirReviewWindowAlsoWhenSentNow) {
  HandlersRig rig(AdminConfig("engine", R"("reviewWindowSeconds": 600)"));
  ASSERT_EQ(rig.Decide(R"({"verdict": "granted", "unseen": true})", rig.Tag(), rig.ada).status,
            200);
  rig.core().send_wish.HeardBy([] { return true; });
  ASSERT_EQ(AskToSend(rig).status, 202);
  HostWork(rig.shared_core()).Turn();
  EXPECT_EQ(Attempts(rig), 0);
  EXPECT_NE(WhyNotSent(rig, 409).find("in sight until"), std::string::npos);
}

TEST(AdminReportsTest, ThatCannotBeMadeAreNotSentNow) {
  HandlersRig rig(AdminConfig("engine"));
  ASSERT_EQ(rig.Decide(R"({"verdict": "granted", "unseen": true})", rig.Tag(), rig.ada).status,
            200);
  rig.SetFacts(R"({"values": {}})");
  EXPECT_EQ(AskToSend(rig).status, 422);
}

TEST(AdminReportsTest, TheHistoryIsAWholeChain) {
  HandlersRig rig(AdminConfig("engine"));
  Sealed(rig);
  const HttpAnswer file = rig.GetAsViewer("/api/v1/history");
  EXPECT_EQ(Header(file, "Content-Disposition"), "attachment; filename=\"candor-history.json\"");
  const Result<std::vector<JournalEntry>> journal = ReadHistory(file.body);
  ASSERT_TRUE(journal.ok());
  EXPECT_EQ(journal.value().back().kind, "sealed");
}

TEST(AdminReportsTest, WhereNoComponentsAreAskedItSaysSo) {
  HandlersRig rig(AdminConfig("engine"));
  EXPECT_EQ(rig.Get("/api/v1/components").status, 404);
  EXPECT_EQ(rig.Get("/api/v1/metrics").status, 404);
  EXPECT_EQ(rig.Get("/api/v1/metrics?component=").status, 400);
}

TEST(AdminDatabaseTest, DecisionsAndReportsAreInTheDatabase) {
  if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "PostgreSQL is not installed";
  PostgresServer server;
  server.Start();
  HandlersRig rig(AdminConfig("engine"), server.Conninfo());
  rig.Count(kDeploy, 3);
  const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada));
  const Snapshot before = rig.Read();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(rig.Preview(kGrant, rig.eve).status, 200);
  EXPECT_EQ(rig.Read().revision, before.revision);
  // Another node, with a page of its own.
  HandlersRig other(AdminConfig("engine"), server.Conninfo());
  const std::string tag = other.Tag();
  ASSERT_EQ(rig.Decide(GrantOf(digest), rig.Tag(), rig.ada).status, 200);
  const HttpAnswer late = other.Decide(R"({"verdict": "denied"})", tag, other.bob);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(TextAt(Document(late), {"consent", "who"}), "ada");
  const std::string id = rig.Read().state.pending;
  EXPECT_EQ(Sha256Hex(other.Get("/api/v1/reports/" + id + "/bytes").body), digest);
  server.Kill();
  for (const char* const path : {"/api/v1/status", "/api/v1/consent", "/api/v1/reports"}) {
    const HttpAnswer down = other.Get(path);
    EXPECT_EQ(down.status, 503) << down.body;
    EXPECT_NE(Header(down, "Retry-After"), "");
  }
  EXPECT_EQ(other.Get("/api/v1/configuration").status, 200);
  server.Start();
  EXPECT_EQ(other.Get("/api/v1/status").status, 200);
}

// 60 times: the process ends somewhere between the request and its answer.
TEST(AdminKillTest, AYesAndItsReportAreThereTogetherOrNotAtAll) {
  using Clock = std::chrono::steady_clock;
  int kept = 0;
  // The first one lives, and says how long a decision takes here; the others die in it.
  Clock::duration whole{};
  for (int round = 0; round <= 60; ++round) {
    int told[2];
    ASSERT_EQ(::pipe(told), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      HandlersRig rig(AdminConfig("engine"));
      rig.Count(kDeploy);
      const std::string digest = DigestIn(rig.Preview(kGrant, rig.ada)), tag = rig.Tag();
      const std::string line = digest + rig.StateFolder();
      static_cast<void>(!::write(told[1], line.data(), line.size()));
      rig.Decide(GrantOf(digest), tag, rig.ada);
      static_cast<void>(!::write(told[1], "!", 1));
      ::pause();
    }
    std::string line(4096, '\0');
    const ssize_t size = ::read(told[0], line.data(), line.size());
    ASSERT_GT(size, 64);
    line.resize(static_cast<std::size_t>(size));
    const Clock::time_point begun = Clock::now();
    if (round == 0) {
      char done = 0;
      ASSERT_EQ(::read(told[0], &done, 1), 1);
      whole = Clock::now() - begun;
    } else {
      std::this_thread::sleep_for(whole * round / 40);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(told[0]);
    ::close(told[1]);
    const std::string digest = line.substr(0, 64), folder = line.substr(64);
    const Snapshot found = OpenStateStore({folder, ""}).value()->Read().value();
    ASSERT_EQ(found.state.consent.has_value(), found.pending.has_value()) << round;
    if (found.pending) {
      ++kept;
      ASSERT_EQ(found.state.consent->report_digest, digest);
      ASSERT_EQ(Sha256Hex(found.pending->bytes), digest);
      ASSERT_EQ(found.pending->consent_seq, found.state.consent_seq);
    }
    std::filesystem::remove_all(std::filesystem::path(folder).parent_path());
  }
  RecordProperty("kept", kept);
  // Killed on both sides of the decision, or it shows nothing.
  EXPECT_GT(kept, 1);
  EXPECT_LT(kept, 60);
}

}  // namespace
}  // namespace candor
