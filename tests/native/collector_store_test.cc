// Every report once: the rules of collector_store.h in a real file.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "native/collector/report_keys.h"
#include "native/collector/report_values.h"
#include "tests/native/collector_rig.h"

namespace candor {
namespace {

using Outcome = Kept::Outcome;
constexpr UnixMillis kNow = 1'795'000'000'000;

constexpr char kFirstVersion[] =
    "CREATE TABLE reports(id INTEGER PRIMARY KEY, report_key BLOB UNIQUE, digest BLOB NOT NULL,"
    " installation TEXT NOT NULL, catalogue TEXT NOT NULL, arrived_ms INTEGER NOT NULL,"
    " way INTEGER NOT NULL, address BLOB, bytes BLOB NOT NULL) STRICT;"
    "CREATE INDEX reports_digest ON reports(digest);"
    "CREATE INDEX reports_installation ON reports(installation, arrived_ms);"
    "CREATE INDEX reports_arrived ON reports(arrived_ms);"
    "CREATE TABLE places(id INTEGER PRIMARY KEY, catalogue TEXT NOT NULL, place TEXT NOT NULL,"
    " UNIQUE(catalogue, place)) STRICT;"
    "CREATE TABLE numbers(place INTEGER NOT NULL REFERENCES places(id),"
    " report INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, value INTEGER NOT NULL,"
    " PRIMARY KEY(report, place)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE texts(place INTEGER NOT NULL REFERENCES places(id),"
    " report INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, value TEXT NOT NULL,"
    " PRIMARY KEY(report, place, value)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE gone(report_key BLOB PRIMARY KEY, digest BLOB NOT NULL,"
    " arrived_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version=1;"
    "INSERT INTO places VALUES(1, 'engine', '/product/internals/commands/DeployCmd/count'),"
    " (2, 'engine', '/product/name'), (3, 'engine', '/product/version'),"
    " (4, 'engine', '/product/edition');"
    "INSERT INTO numbers VALUES(1, 1, 40), (1, 2, 2);"
    "INSERT INTO texts SELECT place, report, value FROM"
    " (SELECT 2 AS place, 'Camunda BPM Runtime' AS value UNION SELECT 3, '7.20.0'"
    "  UNION SELECT 4, 'community'), (SELECT 1 AS report UNION SELECT 2);";

class CollectorStoreTest : public testing::Test {
 protected:
  CollectorStoreTest() { Open(); }
  void Open() {
    store_.reset();
    auto opened = OpenSqliteCollector(folder_.Path("store"));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(opened).value();
  }
  Outcome Keep(const Arrival& arrival, UnixMillis now = kNow) {
    const auto kept = store_->Keep(std::span(&arrival, 1), now);
    EXPECT_TRUE(kept.ok()) << kept.error().message;
    if (!kept.ok()) return Outcome::kConflict;
    at_ = kept.value().front().at;
    return kept.value().front().outcome;
  }
  static Arrival Posted(const std::string& key, std::int64_t count = 1, int installation = 1) {
    return ReadArrival(EngineReport(InstallationId(installation), count), key);
  }
  static Arrival Carried(std::int64_t count = 1) {
    Arrival arrival = Posted("", count);
    arrival.way = Arrival::Way::kFile;
    return arrival;
  }
  // Of a statement with one result.
  std::int64_t Ask(const std::string& sql) const {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_open(folder_.Path("store/reports.db").c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW) << sql;
    const std::int64_t result = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return result;
  }
  std::vector<StoredReport> Scan(UnixMillis from = 0, UnixMillis to = 2 * kNow) const {
    std::vector<StoredReport> reports;
    const auto error = store_->Scan(from, to, [&reports](StoredReport& report) {
      reports.push_back(std::move(report));
      return true;
    });
    EXPECT_FALSE(error) << error->message;
    return reports;
  }
  std::int64_t Stored() const { return Ask("SELECT count(*) FROM reports"); }

  Folder folder_{MemoryFolder()};
  std::unique_ptr<CollectorStore> store_;
  UnixMillis at_ = 0;
};

TEST_F(CollectorStoreTest, KeepsTheSameKeyAndBytesOnceForEver) {
  EXPECT_EQ(Keep(Posted("a")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a"), kNow + 5), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  Open();
  EXPECT_EQ(Keep(Posted("a"), kNow + 400LL * 24 * 3'600'000), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Stored(), 1);
}

TEST_F(CollectorStoreTest, FindsTheSameKeyWithOtherBytes) {
  EXPECT_EQ(Keep(Posted("a", 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a", 2)), Outcome::kConflict);
  EXPECT_EQ(Stored(), 1);
  EXPECT_EQ(Keep(Posted("a", 1)), Outcome::kRepeated);
}

TEST_F(CollectorStoreTest, KeepsTheSameBytesUnderAnotherKey) {
  EXPECT_EQ(Keep(Posted("a")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("b")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a")), Outcome::kRepeated);
  EXPECT_EQ(Stored(), 2);
}

TEST_F(CollectorStoreTest, KeepsTheSameKeyOfAnotherInstallation) {
  EXPECT_EQ(Keep(Posted("a", 1, 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a", 1, 2)), Outcome::kNew);
}

TEST_F(CollectorStoreTest, KeepsWhatHasNoKeyOnceWithinTheWindow) {
  EXPECT_EQ(Keep(Posted("")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted(""), kNow + kRepeatMs), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted(""), kNow + kRepeatMs + 1), Outcome::kNew) << "the next day's, unchanged";
  EXPECT_EQ(Keep(Posted(""), kNow + kRepeatMs + 2), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("", 2), kNow), Outcome::kNew);
  EXPECT_EQ(Stored(), 3);
}

TEST_F(CollectorStoreTest, TakesAFileBehindAPostForTheSame) {
  EXPECT_EQ(Keep(Posted("a")), Outcome::kNew);
  EXPECT_EQ(Keep(Carried(), kNow + 90LL * 24 * 3'600'000), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Keep(Carried()), Outcome::kRepeated);
  EXPECT_EQ(Stored(), 1);
}

TEST_F(CollectorStoreTest, TakesAPostBehindAFileForTheSame) {
  const UnixMillis later = kNow + 90LL * 24 * 3'600'000;
  EXPECT_EQ(Keep(Carried()), Outcome::kNew);
  EXPECT_EQ(Keep(Posted(""), later), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("a"), later), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Keep(Posted("a"), later + 1), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("a", 2), later), Outcome::kConflict) << "the key is that report's now";
  EXPECT_EQ(Keep(Posted("b"), later), Outcome::kNew) << "another report of the same bytes";
  EXPECT_EQ(Stored(), 2);
}

TEST_F(CollectorStoreTest, FindsRepeatsWithinOneBatch) {
  const std::vector<Arrival> batch = {Posted("a"),   Posted("a"),   Posted("a", 2),
                                      Posted("", 3), Posted("", 3), Posted("b")};
  const auto kept = store_->Keep(batch, kNow);
  ASSERT_TRUE(kept.ok());
  std::vector<Outcome> outcomes;
  for (const Kept& one : kept.value()) outcomes.push_back(one.outcome);
  EXPECT_EQ(outcomes, (std::vector<Outcome>{Outcome::kNew, Outcome::kRepeated, Outcome::kConflict,
                                            Outcome::kNew, Outcome::kRepeated, Outcome::kNew}));
}

TEST_F(CollectorStoreTest, CountsEachReportOnce) {
  Keep(Posted("a", 40));
  Keep(Posted("a", 40));
  Keep(Posted("b", 2));
  Keep(Posted("b", 5));
  std::int64_t sum = 0, versions = 0;
  for (const StoredReport& report : Scan()) {
    const ReportValues values = ReadReportValues(report.values).value();
    sum += values.numbers.at("/product/internals/commands/DeployCmd/count");
    versions += values.texts.at("/product/version") == std::set<std::string>{"7.20.0"} ? 1 : 0;
  }
  EXPECT_EQ(sum, 42);
  EXPECT_EQ(versions, 2);
}

TEST_F(CollectorStoreTest, KeepsTheBytesAsTheyCame) {
  const Arrival arrival = Posted("a");
  Keep(arrival);
  EXPECT_EQ(Ask("SELECT length(bytes) FROM reports"),
            static_cast<std::int64_t>(arrival.bytes.size()));
  EXPECT_EQ(Ask("SELECT count(*) FROM reports WHERE CAST(bytes AS TEXT) LIKE '{\"installation\"%'"),
            1);
}

TEST_F(CollectorStoreTest, ForgetsAnInstallationAndStillKnowsItsKeys) {
  EXPECT_EQ(Keep(Posted("a", 1, 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("", 2, 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a", 1, 2)), Outcome::kNew);
  EXPECT_EQ(store_->Forget(InstallationId(1)).value(), 2);
  EXPECT_EQ(Stored(), 1);
  EXPECT_EQ(Keep(Posted("a", 1, 1), kNow + 9), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Keep(Posted("a", 5, 1)), Outcome::kConflict);
  EXPECT_EQ(Stored(), 1);
}

TEST_F(CollectorStoreTest, ExpiresTheOldestOfACatalogue) {
  for (int i = 0; i < 10; ++i) Keep(Posted(std::to_string(i), i), kNow + i);
  EXPECT_EQ(store_->Expire("optimize", kNow + 100, 100).value(), 0);
  EXPECT_EQ(store_->Expire("engine", kNow + 5, 3).value(), 3);
  EXPECT_EQ(Ask("SELECT min(arrived_ms) FROM reports"), kNow + 3);
  EXPECT_EQ(store_->Expire("engine", kNow + 5, 100).value(), 2);
  EXPECT_EQ(store_->Expire("engine", kNow + 5, 100).value(), 0);
  EXPECT_EQ(Stored(), 5);
  EXPECT_EQ(Keep(Posted("0", 0), kNow + 50), Outcome::kRepeated);
}

TEST_F(CollectorStoreTest, ErasesWhatCarriesTheHashAndNothingElse) {
  const auto carrying = [this](const std::string& key, const std::string& hash, int installation) {
    Arrival arrival = Posted(key, 1, installation);
    arrival.erasure = hash;
    return Keep(arrival);
  };
  carrying("a", "h1", 1);
  carrying("b", "h1", 1);
  carrying("c", "h2", 1);
  carrying("d", "", 1);
  carrying("e", "h1", 2);
  EXPECT_EQ(store_->Erase(InstallationId(1), "").value(), 0);
  EXPECT_EQ(store_->Erase(InstallationId(3), "h1").value(), 0);
  EXPECT_EQ(store_->Erase(InstallationId(1), "h1").value(), 2);
  EXPECT_EQ(Stored(), 3);
  EXPECT_EQ(carrying("a", "h1", 1), Outcome::kRepeated);
  EXPECT_EQ(store_->Erase(InstallationId(1), "h1").value(), 0);
}

TEST_F(CollectorStoreTest, ReleasesAndDropsSingleReports) {
  Keep(Posted("a", 1));
  Keep(Posted("b", 2));
  const std::vector<StoredReport> all = Scan();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(store_->Release(all[1].id).value(), 1);
  EXPECT_EQ(store_->Release(all[1].id).value(), 1);
  EXPECT_EQ(store_->Release(999).value(), 0);
  EXPECT_FALSE(Scan()[0].released);
  EXPECT_TRUE(Scan()[1].released);
  EXPECT_EQ(store_->Drop(999).value(), 0);
  EXPECT_EQ(store_->Drop(all[1].id).value(), 1);
  EXPECT_EQ(Keep(Posted("b", 2)), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("c", 2)), Outcome::kNew);
  ASSERT_EQ(Scan().size(), 2U);
  EXPECT_GT(Scan()[1].id, all[1].id) << "who released or dropped one did not mean another";
  EXPECT_FALSE(Scan()[1].released);
}

TEST_F(CollectorStoreTest, ScansByCatalogueInstallationAndTime) {
  Keep(Posted("a", 1, 2), kNow + 1);
  Keep(Posted("b", 1, 1), kNow + 2);
  Keep(Carried(7), kNow);
  Keep(Posted("c", 1, 1), kNow + 1);
  Arrival other = Posted("d", 1, 1);
  other.catalogue = "a-catalogue";
  other.address = std::string(16, 'x');
  Keep(other, kNow + 3);
  std::string order;
  for (const StoredReport& of : Scan()) {
    order += of.catalogue + " " + of.installation.back() + " " +
             std::to_string(of.arrived_ms - kNow) +
             (of.way == Arrival::Way::kFile ? " file\n" : "\n");
  }
  EXPECT_EQ(order, "a-catalogue 1 3\nengine 1 0 file\nengine 1 1\nengine 1 2\nengine 2 1\n");
  EXPECT_EQ(Scan().front().address, other.address);
  EXPECT_EQ(Scan(kNow + 1, kNow + 3).size(), 3U) << "from is within, and to is not";
  int visits = 0;
  EXPECT_FALSE(store_->Scan(0, 2 * kNow, [&visits](StoredReport&) { return ++visits < 2; }));
  EXPECT_EQ(visits, 2);
}

TEST_F(CollectorStoreTest, KeepsReportsWhileTheyAreScanned) {
  for (int i = 0; i < 20; ++i) Keep(Posted(std::to_string(i), i));
  int visits = 0;
  EXPECT_FALSE(store_->Scan(0, 2 * kNow, [&](StoredReport&) {
    EXPECT_EQ(Keep(Posted("more" + std::to_string(++visits))), Outcome::kNew);
    return true;
  }));
  EXPECT_EQ(visits, 20) << "those that came meanwhile are of a later moment";
  EXPECT_EQ(Stored(), 40);
}

// As the first version made it, with two reports in it.
TEST_F(CollectorStoreTest, TakesOverAFileOfTheFirstVersion) {
  const Arrival first = Posted("a", 40), second = Posted("", 2);
  store_.reset();
  folder_.Write("store/reports.db", "");
  for (const char* more : {"-wal", "-shm"}) {
    std::filesystem::remove(folder_.Path("store/reports.db") + more);
  }
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(folder_.Path("store/reports.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, kFirstVersion, nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_stmt* add = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(
                db, "INSERT INTO reports VALUES(?1, ?2, ?3, ?4, 'engine', ?5, 0, x'AA', ?6)", -1,
                &add, nullptr),
            SQLITE_OK);
  for (const Arrival& arrival : {first, second}) {
    const std::string key = ReportKey(arrival);
    const int id = arrival.key.empty() ? 2 : 1;
    sqlite3_reset(add);
    sqlite3_bind_int(add, 1, id);
    key.empty() ? sqlite3_bind_null(add, 2) : sqlite3_bind_blob(add, 2, key.data(), 16, nullptr);
    sqlite3_bind_blob(add, 3, arrival.digest.data(), 32, nullptr);
    sqlite3_bind_text(add, 4, arrival.installation.c_str(), -1, nullptr);
    sqlite3_bind_int64(add, 5, kNow + id);
    sqlite3_bind_blob(add, 6, arrival.bytes.data(), static_cast<int>(arrival.bytes.size()),
                      nullptr);
    ASSERT_EQ(sqlite3_step(add), SQLITE_DONE) << sqlite3_errmsg(db);
  }
  sqlite3_finalize(add);
  sqlite3_close(db);

  Open();
  const std::vector<StoredReport> all = Scan();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].values, first.values);
  EXPECT_EQ(all[1].values, second.values);
  EXPECT_EQ(all[0].id, 1);
  EXPECT_EQ(all[1].address, "\xAA");
  EXPECT_EQ(Ask("SELECT count(*) FROM sqlite_schema WHERE name IN"
                " ('numbers', 'texts', 'places', 'reports_1')"),
            0);
  EXPECT_EQ(Keep(first, kNow + 50), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow + 1);
  EXPECT_EQ(Keep(second, kNow + 50), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("b"), kNow + 50), Outcome::kNew);
  EXPECT_GT(Scan()[2].id, 2);
  Open();
  EXPECT_EQ(Scan().size(), 3U);
}

TEST_F(CollectorStoreTest, LeavesAFileOfALaterVersionAlone) {
  store_.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(folder_.Path("store/reports.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version=99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  const auto opened = OpenSqliteCollector(folder_.Path("store"));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kOutOfRange);
}

TEST_F(CollectorStoreTest, SaysWhenTheFileIsNoDatabase) {
  store_.reset();
  folder_.Write("store/reports.db", std::string(8192, 'x'));
  const auto opened = OpenSqliteCollector(folder_.Path("store"));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace candor
