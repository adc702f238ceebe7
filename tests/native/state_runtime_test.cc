// What goes wrong while a state is open.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/problems.h"
#include "tests/native/state_samples.h"

namespace candor {
namespace {

constexpr char kId[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

// Behind the store's back, as damage that SQLite does not see.
void Change(const TemporaryFolder& folder, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(folder.File("state.db").c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
  EXPECT_GT(sqlite3_changes(database), 0) << sql;
  sqlite3_close(database);
}

std::unique_ptr<StateStore> StoreWith(const TemporaryFolder& folder, Fate fate) {
  auto store = OpenStore(folder.path());
  StateChange change = SampleChange(SampleReport(kId, "{\"a\": 1}\n"));
  change.report->fate = fate;
  change.state.baselines.clear();
  EXPECT_TRUE(store->Apply(change, 0).ok());
  return store;
}

void ExpectDropped(StateStore& store, Fate fate) {
  const Result<Snapshot> read = store.Read();
  ASSERT_TRUE(read.ok()) << ProblemsAsText(read.problems());
  EXPECT_FALSE(read.value().pending);
  EXPECT_EQ(read.value().state.pending, "");
  EXPECT_EQ(read.value().revision, 2);
  const auto journal = store.ReadJournal(0, 10).value();
  ASSERT_EQ(journal.size(), 4u);
  EXPECT_EQ(journal[3].kind, "recovered");
  EXPECT_NE(journal[3].body.find(kId), std::string::npos);
  EXPECT_EQ(CountLinked(journal), 4u);
  EXPECT_EQ(store.ReadReport(kId).value().fate, fate);
  EXPECT_EQ(store.ReadReport(kId).value().bytes, "");
  EXPECT_TRUE(store.Apply({}, 2).ok());
}

TEST(DamagedReportTest, IsDroppedAndItsCountsReturnWhenItWasNeverAttempted) {
  const TemporaryFolder folder;
  const auto store = StoreWith(folder, Fate::kSealed);
  Change(folder, "UPDATE reports SET bytes = CAST('{\"a\": 2}' || char(10) AS BLOB)");
  ExpectDropped(*store, Fate::kDissolved);
}

TEST(DamagedReportTest, IsDroppedWithItsCountsWhenItMayHaveArrived) {
  const TemporaryFolder folder;
  const auto store = StoreWith(folder, Fate::kAttempted);
  Change(folder, "UPDATE reports SET bytes = x'00'");
  ExpectDropped(*store, Fate::kWithdrawn);
}

TEST(DamagedReportTest, ReturnsTheCountsOfARecordThatIsWhole) {
  const TemporaryFolder folder;
  const auto store = StoreWith(folder, Fate::kSealed);
  EXPECT_TRUE(store->Read().value().state.baselines.empty());
  Change(folder, "UPDATE reports SET bytes = x'00'");
  const State state = store->Read().value().state;
  EXPECT_EQ(state.baselines, SampleReport(kId, "x").counted_from);
  EXPECT_EQ(state.counting_since, SampleReport(kId, "x").from);
}

TEST(DamagedReportTest, IsDroppedWhenItsRecordIsDamagedOrGone) {
  for (const char* sql : {"UPDATE reports SET record = replace(record, 'engine', 'engime')",
                          "UPDATE reports SET settled = 1", "DELETE FROM reports"}) {
    const TemporaryFolder folder;
    const auto store = StoreWith(folder, Fate::kSealed);
    Change(folder, sql);
    const Result<Snapshot> read = store->Read();
    ASSERT_TRUE(read.ok()) << sql;
    EXPECT_FALSE(read.value().pending) << sql;
    EXPECT_EQ(read.value().state.pending, "") << sql;
    EXPECT_EQ(store->ReadJournal(3, 10).value().size(), 1u) << sql;
    EXPECT_EQ(store->ReadReport(kId).error().code, ErrorCode::kNotFound) << sql;
  }
}

TEST(DamagedStateRowTest, IsReadFromItsCopyAndWrittenAnew) {
  const TemporaryFolder folder;
  const auto store = StoreWith(folder, Fate::kSealed);
  const std::string before = Text(store->Read().value().state);
  Change(folder, "UPDATE state SET document = replace(document, 'granted', 'denied')");
  EXPECT_EQ(Text(store->Read().value().state), before);
  StateChange change;
  change.state = store->Read().value().state;
  ASSERT_TRUE(store->Apply(change, 1).ok());
  Change(folder, "UPDATE state_copy SET document = ''");
  EXPECT_EQ(Text(store->Read().value().state), before);
}

TEST(DamagedStateRowTest, IsRefusedWithItsCopyAndRebuiltWhenOpenedAgain) {
  const TemporaryFolder folder;
  auto store = StoreWith(folder, Fate::kSealed);
  Change(folder, "UPDATE state SET document = replace(document, '0190c6a1', '0190c6a2')");
  Change(folder, "UPDATE state_copy SET document = replace(document, '0190c6a1', '0190c6a2')");
  EXPECT_EQ(store->Read().error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(store->Apply({}, 1).error().code, ErrorCode::kCorrupt);
  store.reset();
  store = OpenStore(folder.path());
  EXPECT_NE(store->set_aside(), "");
  const Snapshot snapshot = store->Read().value();
  EXPECT_EQ(snapshot.state.installation, SampleState().installation);
  // The journal is known to be whole, so the decision in it is the last one.
  ASSERT_TRUE(snapshot.state.consent);
  EXPECT_EQ(snapshot.state.consent->verdict, Verdict::kGranted);
  EXPECT_EQ(snapshot.state.consent_seq, 2);
  EXPECT_FALSE(snapshot.pending);
  EXPECT_EQ(store->ReadReport(kId).value().fate, Fate::kWithdrawn);
}

TEST(DamagedJournalTest, IsNotAppendedTo) {
  const TemporaryFolder folder;
  const auto store = StoreWith(folder, Fate::kSealed);
  Change(folder, "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3");
  StateChange change;
  change.journal = {{"restarted", "{}"}};
  EXPECT_EQ(store->Apply(change, 1).error().code, ErrorCode::kCorrupt);
  Change(folder, "DELETE FROM journal WHERE seq = 3");
  EXPECT_EQ(store->Apply(change, 1).error().code, ErrorCode::kCorrupt);
}

TEST(DamagedJournalTest, NeverGivesAYesWhenANoMayBeMissing) {
  const TemporaryFolder folder;
  {
    const auto store = StoreWith(folder, Fate::kSealed);
    StateChange no;
    no.state = store->Read().value().state;
    no.state.consent = SampleConsent(Verdict::kDenied);
    no.journal = {{"consent", ConsentText(*no.state.consent)}};
    ASSERT_TRUE(store->Apply(no, 1).ok());
  }
  Change(folder, "UPDATE journal SET body = '{}' WHERE seq = 4");
  Change(folder, "UPDATE state SET sum = ''");
  Change(folder, "UPDATE state_copy SET sum = ''");
  const auto store = OpenStore(folder.path());
  EXPECT_FALSE(store->Read().value().state.consent);
  EXPECT_EQ(store->ReadJournal(0, 10).value().size(), 4u);
}

TEST(StateStoreTest, SaysWhatItCannotDoWithoutDescriptorsAndDoesItLater) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const rlim_t before = limit.rlim_cur;
    const int next = dup(0);
    // Room for none more, then for one more at a time, until it opens.
    for (rlim_t files = static_cast<rlim_t>(next); files < static_cast<rlim_t>(next) + 30;
         ++files) {
      limit.rlim_cur = files;
      setrlimit(RLIMIT_NOFILE, &limit);
      const auto store = OpenSqliteStore(folder.path());
      if (store.ok()) {
        limit.rlim_cur = before;
        setrlimit(RLIMIT_NOFILE, &limit);
        _exit(store.value()->set_aside().empty() && store.value()->Apply({}, 0).ok() ? 0 : 3);
      }
      if (store.error().code != ErrorCode::kUnavailable) _exit(4);
    }
    _exit(5);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(StateStoreTest, IsSafeFromManyThreads) {
  constexpr int kThreads = 4, kChanges = 25;
  const TemporaryFolder folder;
  const auto store = OpenStore(folder.path());
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int done = 0; done < kChanges;) {
        const Snapshot now = store->Read().value();
        StateChange change;
        change.state = now.state;
        ++change.state.failed_rounds;
        done += store->Apply(change, now.revision).ok() ? 1 : 0;
        EXPECT_TRUE(store->ReadFacts().ok());
        store->DrainChanges();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->Read().value().state.failed_rounds, kThreads * kChanges);
}

}  // namespace
}  // namespace candor
