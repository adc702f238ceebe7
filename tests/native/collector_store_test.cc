// Every report once: the rules of collector_store.h in a real file.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/native/collector_rig.h"

namespace candor {
namespace {

using Outcome = Kept::Outcome;
constexpr UnixMillis kNow = 1'795'000'000'000;

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
  EXPECT_EQ(Ask("SELECT sum(value) FROM numbers JOIN places ON places.id=numbers.place"
                " WHERE places.place='/product/internals/commands/DeployCmd/count'"),
            42);
  EXPECT_EQ(Ask("SELECT count(*) FROM texts JOIN places ON places.id=texts.place"
                " WHERE places.place='/product/version' AND value='7.20.0'"),
            2);
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
  EXPECT_EQ(Ask("SELECT count(*) FROM numbers"), 1);
  EXPECT_EQ(Ask("SELECT count(DISTINCT report) FROM texts"), 1);
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
