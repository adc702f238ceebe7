// Every report once: the rules of collector_store.h in a real file, and in a real database.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "core/text.h"
#include "native/collector/store/open_collector_store.h"
#include "native/collector/store/report_values.h"
#include "tests/native/collector_rig.h"
#include "tests/native/shared_postgres.h"

namespace candor {
namespace {

using Outcome = Kept::Outcome;
constexpr UnixMillis kNow = 1'795'000'000'000;

// In each kind of store.
class CollectorStoreTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "Sqlite") {
      place_.folder = folder_.Path("store");
    } else if (PostgresServer::IsInstalled()) {
      place_.database = NewSchema();
    } else {
      GTEST_SKIP() << "needs Debian's postgresql";
    }
    Open();
  }
  void Open() {
    store_.reset();
    auto opened = OpenCollectorStore(place_);
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
  std::vector<StoredReport> Scan(UnixMillis from = 0, UnixMillis to = 2 * kNow) const {
    std::vector<StoredReport> reports;
    const auto error = store_->Scan(from, to, [&reports](StoredReport& report) {
      reports.push_back(std::move(report));
      return true;
    });
    EXPECT_FALSE(error) << error->message;
    return reports;
  }
  std::size_t Stored() const { return Scan().size(); }
  // Of the only report, in hexadecimal.
  std::string BytesOfTheOne() const {
    if (!place_.database.empty()) {
      return Ask(place_.database, "SELECT encode(bytes, 'hex') FROM reports");
    }
    sqlite3* db = nullptr;
    sqlite3_stmt* row = nullptr;
    EXPECT_EQ(sqlite3_open((place_.folder + "/reports.db").c_str(), &db), SQLITE_OK);
    sqlite3_prepare_v2(db, "SELECT lower(hex(bytes)) FROM reports", -1, &row, nullptr);
    EXPECT_EQ(sqlite3_step(row), SQLITE_ROW);
    std::string hex = reinterpret_cast<const char*>(sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(db);
    return hex;
  }

  Folder folder_{MemoryFolder()};
  StorePlace place_;
  std::unique_ptr<CollectorStore> store_;
  UnixMillis at_ = 0;
};

TEST_P(CollectorStoreTest, KeepsTheSameKeyAndBytesOnceForEver) {
  EXPECT_EQ(Keep(Posted("a")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a"), kNow + 5), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  Open();
  EXPECT_EQ(Keep(Posted("a"), kNow + 400LL * 24 * 3'600'000), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Stored(), 1U);
}

TEST_P(CollectorStoreTest, FindsTheSameKeyWithOtherBytes) {
  EXPECT_EQ(Keep(Posted("a", 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a", 2)), Outcome::kConflict);
  EXPECT_EQ(Stored(), 1U);
  EXPECT_EQ(Keep(Posted("a", 1)), Outcome::kRepeated);
}

TEST_P(CollectorStoreTest, KeepsTheSameBytesUnderAnotherKey) {
  EXPECT_EQ(Keep(Posted("a")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("b")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a")), Outcome::kRepeated);
  EXPECT_EQ(Stored(), 2U);
}

TEST_P(CollectorStoreTest, KeepsTheSameKeyOfAnotherInstallation) {
  EXPECT_EQ(Keep(Posted("a", 1, 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a", 1, 2)), Outcome::kNew);
}

TEST_P(CollectorStoreTest, KeepsWhatHasNoKeyOnceWithinTheWindow) {
  EXPECT_EQ(Keep(Posted("")), Outcome::kNew);
  EXPECT_EQ(Keep(Posted(""), kNow + kRepeatMs), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted(""), kNow + kRepeatMs + 1), Outcome::kNew) << "the next day's, unchanged";
  EXPECT_EQ(Keep(Posted(""), kNow + kRepeatMs + 2), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("", 2), kNow), Outcome::kNew);
  EXPECT_EQ(Stored(), 3U);
}

TEST_P(CollectorStoreTest, TakesAFileBehindAPostForTheSame) {
  EXPECT_EQ(Keep(Posted("a")), Outcome::kNew);
  EXPECT_EQ(Keep(Carried(), kNow + 90LL * 24 * 3'600'000), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Keep(Carried()), Outcome::kRepeated);
  EXPECT_EQ(Stored(), 1U);
}

TEST_P(CollectorStoreTest, TakesAPostBehindAFileForTheSame) {
  const UnixMillis later = kNow + 90LL * 24 * 3'600'000;
  EXPECT_EQ(Keep(Carried()), Outcome::kNew);
  EXPECT_EQ(Keep(Posted(""), later), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("a"), later), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Keep(Posted("a"), later + 1), Outcome::kRepeated);
  EXPECT_EQ(Keep(Posted("a", 2), later), Outcome::kConflict) << "the key is that report's now";
  EXPECT_EQ(Keep(Posted("b"), later), Outcome::kNew) << "another report of the same bytes";
  EXPECT_EQ(Stored(), 2U);
}

TEST_P(CollectorStoreTest, FindsRepeatsWithinOneBatch) {
  const std::vector<Arrival> batch = {Posted("a"),   Posted("a"),   Posted("a", 2),
                                      Posted("", 3), Posted("", 3), Posted("b")};
  const auto kept = store_->Keep(batch, kNow);
  ASSERT_TRUE(kept.ok());
  std::vector<Outcome> outcomes;
  for (const Kept& one : kept.value()) outcomes.push_back(one.outcome);
  EXPECT_EQ(outcomes, (std::vector<Outcome>{Outcome::kNew, Outcome::kRepeated, Outcome::kConflict,
                                            Outcome::kNew, Outcome::kRepeated, Outcome::kNew}));
}

TEST_P(CollectorStoreTest, CountsEachReportOnce) {
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

TEST_P(CollectorStoreTest, KeepsTheBytesAsTheyCame) {
  const Arrival arrival = Posted("a");
  Keep(arrival);
  EXPECT_EQ(BytesOfTheOne(), Hex({reinterpret_cast<const std::uint8_t*>(arrival.bytes.data()),
                                  arrival.bytes.size()}));
}

TEST_P(CollectorStoreTest, ForgetsAnInstallationAndStillKnowsItsKeys) {
  EXPECT_EQ(Keep(Posted("a", 1, 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("", 2, 1)), Outcome::kNew);
  EXPECT_EQ(Keep(Posted("a", 1, 2)), Outcome::kNew);
  EXPECT_EQ(store_->Forget(InstallationId(1)).value(), 2);
  EXPECT_EQ(Stored(), 1U);
  EXPECT_EQ(Keep(Posted("a", 1, 1), kNow + 9), Outcome::kRepeated);
  EXPECT_EQ(at_, kNow);
  EXPECT_EQ(Keep(Posted("a", 5, 1)), Outcome::kConflict);
  EXPECT_EQ(Stored(), 1U);
}

TEST_P(CollectorStoreTest, ExpiresTheOldestOfACatalogue) {
  for (int i = 0; i < 10; ++i) Keep(Posted(std::to_string(i), i), kNow + i);
  EXPECT_EQ(store_->Expire("optimize", kNow + 100, 100).value(), 0);
  EXPECT_EQ(store_->Expire("engine", kNow + 5, 3).value(), 3);
  EXPECT_EQ(Scan().front().arrived_ms, kNow + 3);
  EXPECT_EQ(store_->Expire("engine", kNow + 5, 100).value(), 2);
  EXPECT_EQ(store_->Expire("engine", kNow + 5, 100).value(), 0);
  EXPECT_EQ(Stored(), 5U);
  EXPECT_EQ(Keep(Posted("0", 0), kNow + 50), Outcome::kRepeated);
}

TEST_P(CollectorStoreTest, ErasesWhatCarriesTheHashAndNothingElse) {
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
  EXPECT_EQ(Stored(), 3U);
  EXPECT_EQ(carrying("a", "h1", 1), Outcome::kRepeated);
  EXPECT_EQ(store_->Erase(InstallationId(1), "h1").value(), 0);
}

TEST_P(CollectorStoreTest, ReleasesAndDropsSingleReports) {
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

TEST_P(CollectorStoreTest, ScansByCatalogueInstallationAndTime) {
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

TEST_P(CollectorStoreTest, KeepsReportsWhileTheyAreScanned) {
  for (int i = 0; i < 20; ++i) Keep(Posted(std::to_string(i), i));
  int visits = 0;
  EXPECT_FALSE(store_->Scan(0, 2 * kNow, [&](StoredReport&) {
    EXPECT_EQ(Keep(Posted("more" + std::to_string(++visits))), Outcome::kNew);
    return true;
  }));
  EXPECT_EQ(visits, 20) << "those that came meanwhile are of a later moment";
  EXPECT_EQ(Stored(), 40U);
}

// Whoever sends it must not keep those that are written with it from being kept.
TEST_P(CollectorStoreTest, KeepsWhateverNamesAndTextsHold) {
  Arrival arrival = ReadArrival(EngineReport(InstallationId(1), 1, "\\u0001\xC3\xA4'\\\\{\\u001f"),
                                std::string("k\0'", 3));
  arrival.installation = std::string("a\0\\\xFF", 4);
  EXPECT_EQ(Keep(arrival), Outcome::kNew);
  EXPECT_EQ(Keep(arrival), Outcome::kRepeated);
  ASSERT_EQ(Stored(), 1U);
  EXPECT_EQ(Scan()[0].installation, arrival.installation);
  EXPECT_EQ(Scan()[0].values, arrival.values);
  EXPECT_EQ(store_->Forget(arrival.installation).value(), 1);
}

INSTANTIATE_TEST_SUITE_P(Stores, CollectorStoreTest, testing::Values("Sqlite", "Postgres"),
                         [](const auto& of) { return of.param; });

}  // namespace
}  // namespace candor
