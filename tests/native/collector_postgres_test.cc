// Reports in PostgreSQL: several stores on one database, and a database that goes away.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "core/day.h"
#include "native/collector/statistics/statistics_scan.h"
#include "native/collector/store/postgres_collector.h"
#include "native/collector/store/retention.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"
#include "tests/native/shared_postgres.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Outcome = Kept::Outcome;
constexpr UnixMillis kNow = 1'795'000'000'000;      // 2026-11-18
constexpr UnixMillis kNewYear = 1'798'761'600'000;  // 2027-01-01

class PostgresCollectorTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
    url_ = NewSchema();
  }
  std::unique_ptr<CollectorStore> Open() const { return Open(url_); }
  static std::unique_ptr<CollectorStore> Open(const std::string& url) {
    auto opened = OpenPostgresCollector(url);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? std::move(opened).value() : nullptr;
  }
  static Result<std::vector<Kept>> Keep(CollectorStore& store, const Arrival& arrival,
                                        UnixMillis now = kNow) {
    return store.Keep(std::span(&arrival, 1), now);
  }
  static int Stored(CollectorStore& store) {
    int stored = 0;
    EXPECT_FALSE(store.Scan(0, 2 * kNow, [&stored](StoredReport&) { return ++stored > 0; }));
    return stored;
  }
  std::string Months() const {
    return Ask(url_,
               "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
               " JOIN pg_inherits ON inhrelid = pg_class.oid WHERE inhparent = 'reports'::regclass"
               " AND relkind = 'r'");
  }
  std::string url_;
};

TEST_F(PostgresCollectorTest, SeveralMakeTheTablesAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([this, &good, i] {
      const auto store = Open();
      const auto kept = Keep(*store, ReadArrival(EngineReport(InstallationId(i)), "a"));
      EXPECT_TRUE(kept.ok()) << kept.error().message;
      good += kept.ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 6);
}

// What a few clients send again and again through several collectors, in batches of all sizes.
class Race {
 public:
  // A file that comes in makes all others wait, so those race without files, too.
  explicit Race(bool files) {
    for (int i = 0; i < 40; ++i) {
      const std::string bytes = EngineReport(InstallationId(i), i);
      const bool keyed = i % 4 < 2;
      pool_.push_back(ReadArrival(bytes, keyed ? "key" + std::to_string(i) : ""));
      if (!files || i % 4 < 3) continue;
      // Posted without a key, and carried as a file.
      pool_.push_back(pool_.back());
      pool_.back().way = Arrival::Way::kFile;
    }
    for (int i = 1; files && i < 40; i += 8) {
      // A file of what is posted with a key, too.
      pool_.push_back(ReadArrival(EngineReport(InstallationId(i), i)));
      pool_.back().way = Arrival::Way::kFile;
    }
  }

  void Run(CollectorStore& store, unsigned seed) {
    std::mt19937 random(seed);
    for (int round = 0; round < 60; ++round) {
      std::vector<Arrival> batch;
      for (unsigned i = 0; i < 1 + random() % 30; ++i) {
        batch.push_back(pool_[random() % pool_.size()]);
      }
      const auto kept = store.Keep(batch, kNow + round);
      ASSERT_TRUE(kept.ok()) << kept.error().message;
      const std::lock_guard lock(mutex_);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::string name = batch[i].digest;
        fresh_[name] += kept.value()[i].outcome == Outcome::kNew ? 1 : 0;
        EXPECT_NE(kept.value()[i].outcome, Outcome::kConflict);
        times_[name].insert(kept.value()[i].at);
      }
    }
  }
  const std::map<std::string, int>& fresh() const { return fresh_; }
  const std::map<std::string, std::set<UnixMillis>>& times() const { return times_; }

 private:
  std::vector<Arrival> pool_;
  std::mutex mutex_;
  std::map<std::string, int> fresh_;                   // By digest.
  std::map<std::string, std::set<UnixMillis>> times_;  // Of the receipts.
};

TEST_F(PostgresCollectorTest, KeepsEachReportOnceWhoeverOfSeveralIsFaster) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    url_ = NewSchema();
    Race race(seed % 2 == 0);
    std::vector<std::unique_ptr<CollectorStore>> stores;
    for (int i = 0; i < 4; ++i) stores.push_back(Open());
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] { race.Run(*stores[i], 100 * seed + i); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& [digest, fresh] : race.fresh()) EXPECT_EQ(fresh, 1);
    for (const auto& [digest, times] : race.times()) {
      EXPECT_EQ(times.size(), 1U) << "each repeat has the first one's time";
    }
    EXPECT_EQ(Stored(*stores[0]), static_cast<int>(race.fresh().size()));
  }
}

TEST_F(PostgresCollectorTest, MakesAPartitionForEachMonth) {
  const auto store = Open();
  ASSERT_TRUE(Keep(*store, ReadArrival(EngineReport(InstallationId(1), 1), "a")).ok());
  EXPECT_EQ(Months(), "reports_202611 reports_202612");
  ASSERT_TRUE(
      Keep(*store, ReadArrival(EngineReport(InstallationId(1), 2), "b"), kNewYear - 1).ok());
  EXPECT_EQ(Months(), "reports_202611 reports_202612 reports_202701");
  ASSERT_TRUE(Keep(*store, ReadArrival(EngineReport(InstallationId(1), 3), "c"), kNewYear).ok());
  EXPECT_EQ(Months(), "reports_202611 reports_202612 reports_202701 reports_202702");
  EXPECT_EQ(Ask(url_, "SELECT count(*) FROM reports_202701"), "1");
  EXPECT_EQ(Stored(*store), 3);
}

// A report of an engine in each of three months.
class PostgresMonthsTest : public PostgresCollectorTest {
 protected:
  void SetUp() override {
    PostgresCollectorTest::SetUp();
    if (IsSkipped()) return;
    store_ = Open();
    for (const UnixMillis at : {kNow, kNewYear - 1, kNewYear}) {
      ASSERT_TRUE(Keep(*store_, Report(at), at).ok());
    }
  }
  static Arrival Report(UnixMillis at) {
    return ReadArrival(EngineReport(InstallationId(1), at), std::to_string(at));
  }
  std::int64_t Expire(UnixMillis now) {
    return ExpireReports({{"engine", 30}, {"optimize", 30}}, now, *store_).value();
  }
  static constexpr UnixMillis kLater = kNewYear + 35 * kDayMs;
  std::unique_ptr<CollectorStore> store_;
};

TEST_F(PostgresMonthsTest, AreDroppedWhenTheirReportsHaveExpired) {
  EXPECT_EQ(Expire(kNewYear + 10 * kDayMs), 1);
  EXPECT_EQ(Months(), "reports_202612 reports_202701 reports_202702");
  EXPECT_EQ(Expire(kLater), 2);
  EXPECT_EQ(Months(), "reports_202701 reports_202702") << "what is not old yet stays";
  EXPECT_EQ(Keep(*store_, Report(kNow), kLater).value().front().outcome, Outcome::kRepeated);
}

TEST_F(PostgresMonthsTest, StayWhileAnotherCataloguesReportsAreInThem) {
  EXPECT_EQ(ExpireReports({{"optimize", 30}, {"console", 36'500}}, kLater, *store_).value(), 0);
  EXPECT_EQ(Months(), "reports_202611 reports_202612 reports_202701 reports_202702");
}

TEST_F(PostgresMonthsTest, StayWhileSomebodyReads) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(store_->Scan(0, 2 * kNow, [this](StoredReport&) {
    EXPECT_EQ(Expire(kLater), 3);
    return false;
  }));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s) << "nobody waits for a reader";
  EXPECT_EQ(Months(), "reports_202611 reports_202612 reports_202701 reports_202702");
  Expire(kLater);
  EXPECT_EQ(Months(), "reports_202701 reports_202702");
}

TEST_F(PostgresMonthsTest, AreMadeAgainForWhoseClockIsBehind) {
  const auto behind = Open();
  ASSERT_TRUE(Keep(*behind, Report(kNow + 1), kNow).ok());
  Expire(kLater);
  EXPECT_FALSE(Keep(*behind, Report(kNow + 2), kNow).ok());
  EXPECT_TRUE(Keep(*behind, Report(kNow + 2), kNow).ok());
  Expire(kLater);
  EXPECT_TRUE(Keep(*store_, Report(kNow + 3), kNow).ok()) << "who drops them knows";
}

TEST_F(PostgresCollectorTest, FailsWhileTheDatabaseIsAwayAndThenGoesOn) {
  PostgresServer server;
  server.Start();
  const auto store = Open(server.Conninfo());
  const Arrival first = ReadArrival(EngineReport(InstallationId(1), 1), "a");
  const Arrival second = ReadArrival(EngineReport(InstallationId(1), 2), "b");
  ASSERT_TRUE(Keep(*store, first).ok());
  server.Kill();
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    const auto kept = Keep(*store, second);
    ASSERT_FALSE(kept.ok());
    EXPECT_EQ(kept.error().code, ErrorCode::kUnavailable);
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_FALSE(store->Forget(InstallationId(1)).ok());
  EXPECT_TRUE(store->Scan(0, kNow, [](StoredReport&) { return true; }));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s) << "nobody waits for what is away";
  server.Start();
  const auto back = std::chrono::steady_clock::now();
  while (!Keep(*store, second).ok()) {
    ASSERT_LT(std::chrono::steady_clock::now() - back, 5s);
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(Keep(*store, first).value().front().outcome, Outcome::kRepeated);
  EXPECT_EQ(Keep(*store, second).value().front().outcome, Outcome::kRepeated);
  EXPECT_EQ(Stored(*store), 2);
  // One who comes back behind a restart that it slept through notices nothing.
  server.Stop();
  server.Start();
  EXPECT_TRUE(Keep(*store, first).ok());
}

TEST_F(PostgresCollectorTest, TakesNoPasswordInItsUrlAndQuotesNone) {
  for (const char* url :
       {"postgresql://me:hunter2@127.0.0.1/reports", "host=127.0.0.1 password=hunter2",
        "postgresql://me:hunter2@[x/reports"}) {
    const auto opened = OpenPostgresCollector(url);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kBadRequest);
    EXPECT_EQ(opened.error().message.find("hunter2"), std::string::npos);
    const Ran run = RunLine(std::string(CANDOR_COLLECTOR) + " stats --store '" + url + "' 2>&1");
    EXPECT_NE(run.status, 0);
    EXPECT_EQ(run.output.find("hunter2"), std::string::npos) << run.output;
  }
}

TEST_F(PostgresCollectorTest, TakesThePasswordFromTheFileOfTheEnvironment) {
  PostgresServer& server = SharedPostgres();
  const std::string url = " --store 'postgresql://" + std::string(PostgresServer::kUser) +
                          "@127.0.0.1:" + std::to_string(server.port()) + "/postgres'";
  const std::string stats = std::string(CANDOR_COLLECTOR) + " stats" + url;
  EXPECT_NE(RunLine(stats + " 2>&1").status, 0);
  EXPECT_EQ(RunLine("PGPASSFILE=" + server.PassFile() + " " + stats + " 2>&1").status, 0);
}

TEST_F(PostgresCollectorTest, LeavesTablesOfALaterVersionAlone) {
  Open();
  EXPECT_EQ(Ask(url_, "UPDATE candor_reports SET version = 99"), "");
  const auto opened = OpenPostgresCollector(url_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kOutOfRange);
}

TEST_F(PostgresCollectorTest, TellsTheSameStatisticsAsAFile) {
  const Folder folder{MemoryFolder()};
  const auto database = Open();
  const auto file = OpenSqliteCollector(folder.Path("store")).value();
  std::mt19937 random(5);
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 3000; ++i) {
    const int installation = static_cast<int>(random() % 60);
    const std::string version = "7." + std::to_string(random() % 5);
    arrivals.push_back(ReadArrival(
        EngineReport(InstallationId(installation), static_cast<int>(random() % 1000), version),
        std::to_string(i)));
  }
  for (CollectorStore* const store : {database.get(), file.get()}) {
    for (int day = 0; day < 3; ++day) {
      const auto some = std::span(arrivals).subspan(static_cast<std::size_t>(day) * 1000, 1000);
      ASSERT_TRUE(store->Keep(some, kNow + day * kDayMs).ok());
    }
  }
  const auto catalogues = CollectorCatalogues({}).value();
  const StatisticsQuery query{.first_day = kNow / kDayMs, .last_day = kNow / kDayMs + 5};
  const std::string told = StatisticsAsJson(ReadStatistics(*database, catalogues, query).value());
  EXPECT_EQ(told, StatisticsAsJson(ReadStatistics(*file, catalogues, query).value()));
  EXPECT_NE(told.find("DeployCmd"), std::string::npos);
}

TEST_F(PostgresCollectorTest, IsWhatTheCommandsWorkOn) {
  const Folder folder{MemoryFolder()};
  const std::string report = folder.Write("report.json", EngineReport(InstallationId(7)));
  const auto run = [this](const std::string& words) {
    return RunLine("CANDOR_COLLECTOR_STORE=\"" + url_ + "\" " + CANDOR_COLLECTOR + " " + words +
                   " 2>&1");
  };
  EXPECT_EQ(run("import --folder " + folder.Path("key") + " " + report).output,
            report + ": kept\n");
  EXPECT_EQ(run("import --folder " + folder.Path("key") + " " + report).output,
            report + ": was here already\n");
  EXPECT_FALSE(std::filesystem::exists(folder.Path("key/reports.db")));
  EXPECT_NE(run("import --receipt-key " + folder.Path("none") + " " + report).status, 0);
  EXPECT_NE(run("stats").output.find("too few installations"), std::string::npos);
  EXPECT_NE(run("backup " + folder.Path("copy")).output.find("pg_dump"), std::string::npos);
  EXPECT_EQ(run("forget " + InstallationId(7)).output, InstallationId(7) + ": 1 report deleted\n");
  EXPECT_EQ(Stored(*Open()), 0);
}

}  // namespace
}  // namespace candor
