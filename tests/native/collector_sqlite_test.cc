// reports.db: what its earlier and later versions are to this one.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "native/collector/store/report_keys.h"
#include "native/collector/store/sqlite_collector.h"
#include "tests/native/collector_rig.h"

namespace candor {
namespace {

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

class SqliteCollectorTest : public testing::Test {
 protected:
  static std::vector<StoredReport> Scan(CollectorStore& store) {
    std::vector<StoredReport> reports;
    const auto error = store.Scan(0, 2 * kNow, [&reports](StoredReport& report) {
      reports.push_back(std::move(report));
      return true;
    });
    EXPECT_FALSE(error) << error->message;
    return reports;
  }
  Folder folder_{MemoryFolder()};
};

// As the first version made it, with two reports in it.
TEST_F(SqliteCollectorTest, TakesOverAFileOfTheFirstVersion) {
  const std::string report = EngineReport(InstallationId(1), 40);
  const Arrival first = ReadArrival(report, "a");
  const Arrival second = ReadArrival(EngineReport(InstallationId(1), 2));
  std::filesystem::create_directory(folder_.Path("store"));
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

  auto store = OpenSqliteCollector(folder_.Path("store")).value();
  std::vector<StoredReport> all = Scan(*store);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].values, first.values);
  EXPECT_EQ(all[1].values, second.values);
  EXPECT_EQ(all[0].id, 1);
  EXPECT_EQ(all[1].address, "\xAA");
  const std::vector<Arrival> again = {first, second, ReadArrival(report, "b")};
  const std::vector<Kept> kept = store->Keep(again, kNow + 50).value();
  EXPECT_EQ(kept[0].outcome, Kept::Outcome::kRepeated);
  EXPECT_EQ(kept[0].at, kNow + 1);
  EXPECT_EQ(kept[1].outcome, Kept::Outcome::kRepeated);
  EXPECT_EQ(kept[2].outcome, Kept::Outcome::kNew);
  store.reset();
  store = OpenSqliteCollector(folder_.Path("store")).value();
  all = Scan(*store);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2].id, 3);
}

TEST_F(SqliteCollectorTest, LeavesAFileOfALaterVersionAlone) {
  ASSERT_TRUE(OpenSqliteCollector(folder_.Path("store")).ok());
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(folder_.Path("store/reports.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version=99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  const auto opened = OpenSqliteCollector(folder_.Path("store"));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kOutOfRange);
}

TEST_F(SqliteCollectorTest, SaysWhenTheFileIsNoDatabase) {
  std::filesystem::create_directory(folder_.Path("store"));
  folder_.Write("store/reports.db", std::string(8192, 'x'));
  const auto opened = OpenSqliteCollector(folder_.Path("store"));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace candor
