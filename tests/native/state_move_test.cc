// Moving a state between a folder and a real PostgreSQL: nothing is lost, nothing is there twice.
#include "native/state/state_move.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <memory>

#include "core/problems.h"
#include "native/counters/counters.h"
#include "native/reporter/life.h"
#include "native/state/moved_folder.h"
#include "native/state/set_aside.h"
#include "tests/native/reporter_rig.h"
#include "tests/native/state_stores.h"

namespace candor {
namespace {

constexpr char kId[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
constexpr char kOther[] = "9b2d5b0e-3c1f-4a57-8b1e-2f6d0c4e7a11";

// A database of its own, and folders.
class StateMoveTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsThere(Backend::kPostgres)) GTEST_SKIP() << "needs Debian's postgresql";
    place_ = MakePlace(Backend::kPostgres);
    database_ = place_->place().database;
  }

  MoveOrder Order(const std::string& folder) const {
    MoveOrder order;
    order.folder = folder;
    order.counters = folder + "/counters";
    order.database = database_;
    return order;
  }
  std::unique_ptr<StateStore> OpenDatabase() { return OpenStateStore({"", database_}).value(); }
  // Everything but counts and what is meant for one backend.
  static std::string AllOf(StateStore& store) {
    const Snapshot snapshot = store.Read().value();
    State state = snapshot.state;
    state.baselines.clear();
    std::string all = Text(state) + store.ReadFacts().value();
    const auto journal = store.ReadJournal(0, 1000);
    for (const JournalEntry& entry : journal.value()) {
      all += std::to_string(entry.at_ms) + entry.kind + entry.body + entry.hash + "\n";
    }
    const auto reports = store.ListReports(1000);
    for (const SealedReport& listed : reports.value()) {
      SealedReport report = store.ReadReport(listed.id).value();
      report.counted_from.clear();
      all += Text(report);
    }
    return all;
  }
  // An installation with a settled report, one that waits, and facts.
  static void Fill(const std::string& folder) {
    const auto store = OpenStore(folder);
    SealedReport settled = SampleReport(kOther, "{\"old\": 1}\n");
    settled.fate = Fate::kAccepted;
    settled.counted_from.clear();
    StateChange first = SampleChange(settled);
    first.state.pending.clear();
    first.state.baselines = {{"00112233445566778899aabbccddeeff", {{"engine.job", 3}}}};
    ASSERT_TRUE(store->Apply(first, 0).ok());
    SealedReport waits = SampleReport(kId, "{\"new\": \"\xc3\xa9\"}\n");
    waits.counted_from = {{"00112233445566778899aabbccddeeff", {{"engine.job", 1}}}};
    StateChange second;
    second.state = store->Read().value().state;
    second.state.pending = kId;
    second.journal = {{"sealed", "{\"report\": \"" + std::string(kId) + "\"}"}};
    second.report = waits;
    second.facts = "{\"values\": {}}";
    second.at = 1'700'000'000'021;
    ASSERT_TRUE(store->Apply(second, 1).ok());
  }
  // Runs the move in another process that dies at `step`.
  static void DieAt(MoveStep step, MoveOrder order,
                    Result<Moved> (*move)(const MoveOrder&, Clock&)) {
    const pid_t child = ::fork();
    if (child == 0) {
      order.reached = [step](MoveStep now) {
        if (now == step) ::kill(::getpid(), SIGKILL);
      };
      static_cast<void>(move(order, SystemClock()));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it never came there";
  }
  static std::string Said(const Result<Moved>& moved) {
    return moved.ok() ? "moved" : ProblemsAsText(moved.problems());
  }

  TemporaryFolder folder_;
  std::unique_ptr<StoreOfTest> place_;
  std::string database_;
};

TEST_F(StateMoveTest, CarriesEverythingThereAndBack) {
  Fill(folder_.path());
  const std::string before = AllOf(*OpenStore(folder_.path()));
  const Result<Moved> there = MoveToDatabase(Order(folder_.path()));
  ASSERT_TRUE(there.ok()) << Said(there);
  EXPECT_EQ(there.value().installation, SampleState().installation);
  EXPECT_EQ(there.value().reports, 2);
  EXPECT_EQ(AllOf(*OpenDatabase()), before);
  const Result<Moved> back = MoveToFolder(Order(folder_.path()));
  ASSERT_TRUE(back.ok()) << Said(back);
  EXPECT_EQ(AllOf(*OpenStore(folder_.path())), before);
}

TEST_F(StateMoveTest, TheJournalsChainHoldsAndGoesOn) {
  Fill(folder_.path());
  ASSERT_TRUE(MoveToDatabase(Order(folder_.path())).ok());
  const auto store = OpenDatabase();
  const Snapshot now = store->Read().value();
  StateChange change = ChangeOf(now.state, 5);
  change.journal = {{"restarted", "{\"why\": \"test\"}"}};
  ASSERT_TRUE(store->Apply(change, now.revision).ok());
  ASSERT_TRUE(MoveToFolder(Order(folder_.path())).ok());
  const auto journal = OpenStore(folder_.path())->ReadJournal(0, 1000).value();
  EXPECT_EQ(CountLinked(journal), journal.size());
  EXPECT_EQ(journal.back().kind, "restarted");
}

TEST_F(StateMoveTest, WhatWasMovedCannotBeUsedAnyMore) {
  Fill(folder_.path());
  ASSERT_TRUE(MoveToDatabase(Order(folder_.path())).ok());
  EXPECT_EQ(OpenSqliteStore(folder_.path()).error().code, ErrorCode::kConflict);
  const Result<Moved> again = MoveToDatabase(Order(folder_.path()));
  EXPECT_NE(Said(again).find("it was moved to the database"), std::string::npos) << Said(again);
  const auto connected = OpenDatabase();
  ASSERT_TRUE(connected->Read().ok());
  ASSERT_TRUE(MoveToFolder(Order(folder_.path())).ok());
  EXPECT_EQ(connected->Read().error().code, ErrorCode::kConflict);
  EXPECT_EQ(OpenDatabase()->Read().error().code, ErrorCode::kConflict);
  TemporaryFolder elsewhere;
  EXPECT_EQ(MoveToFolder(Order(elsewhere.path())).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(OpenSqliteStore(folder_.path()).ok());
}

TEST_F(StateMoveTest, AKilledMoveToADatabaseIsFinishedByTheSameCall) {
  for (const MoveStep step : {MoveStep::kLeft, MoveStep::kWritten}) {
    TemporaryFolder folder;
    place_ = MakePlace(Backend::kPostgres);
    database_ = place_->place().database;
    Fill(folder.path());
    const std::string before = AllOf(*OpenStore(folder.path()));
    DieAt(step, Order(folder.path()), MoveToDatabase);
    EXPECT_EQ(OpenSqliteStore(folder.path()).error().code, ErrorCode::kConflict);
    const Result<Moved> moved = MoveToDatabase(Order(folder.path()));
    ASSERT_TRUE(moved.ok()) << Said(moved);
    EXPECT_EQ(moved.value().was_there, step == MoveStep::kWritten);
    EXPECT_FALSE(std::ifstream(folder.File(kDatabaseName)).good());
    EXPECT_EQ(AllOf(*OpenDatabase()), before);
  }
}

TEST_F(StateMoveTest, AKilledMoveToAFolderIsFinishedByTheSameCall) {
  for (const MoveStep step : {MoveStep::kLeft, MoveStep::kAdded, MoveStep::kWritten}) {
    TemporaryFolder source, folder;
    place_ = MakePlace(Backend::kPostgres);
    database_ = place_->place().database;
    Fill(source.path());
    ASSERT_TRUE(MoveToDatabase(Order(source.path())).ok());
    const std::string before = AllOf(*OpenDatabase());
    DieAt(step, Order(folder.path()), MoveToFolder);
    EXPECT_EQ(OpenDatabase()->Read().error().code, ErrorCode::kConflict);
    const Result<Moved> moved = MoveToFolder(Order(folder.path()));
    ASSERT_TRUE(moved.ok()) << Said(moved);
    EXPECT_EQ(moved.value().was_there, step == MoveStep::kWritten);
    EXPECT_EQ(AllOf(*OpenStore(folder.path())), before);
    EXPECT_EQ(OpenDatabase()->Read().error().code, ErrorCode::kConflict);
  }
}

TEST_F(StateMoveTest, AnInterruptedMoveGoesNowhereElse) {
  Fill(folder_.path());
  DieAt(MoveStep::kWritten, Order(folder_.path()), MoveToDatabase);
  const auto second = MakePlace(Backend::kPostgres);
  MoveOrder other = Order(folder_.path());
  other.database = second->place().database;
  EXPECT_NE(Said(MoveToDatabase(other)).find("name that one to finish"), std::string::npos);
  ASSERT_TRUE(MoveToDatabase(Order(folder_.path())).ok());
  TemporaryFolder one, two;
  DieAt(MoveStep::kWritten, Order(one.path()), MoveToFolder);
  EXPECT_EQ(MoveToFolder(Order(two.path())).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(MoveToFolder(Order(one.path())).ok());
}

TEST_F(StateMoveTest, ATargetThatIsNotEmptyIsRefusedAndTheSourceStays) {
  Fill(folder_.path());
  ASSERT_TRUE(OpenDatabase()->Apply(SampleChange(SampleReport(kId, "{}\n")), 0).ok());
  const Result<Moved> there = MoveToDatabase(Order(folder_.path()));
  ASSERT_FALSE(there.ok());
  EXPECT_EQ(there.error().code, ErrorCode::kConflict);
  EXPECT_NE(there.error().message.find(SampleState().installation), std::string::npos);
  EXPECT_NE(there.error().message.find("another schema"), std::string::npos);
  EXPECT_TRUE(OpenSqliteStore(folder_.path()).ok());
  const Result<Moved> back = MoveToFolder(Order(folder_.path()));
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(OpenDatabase()->Read().ok());
}

TEST_F(StateMoveTest, AFolderInUseIsRefused) {
  Fill(folder_.path());
  const auto store = OpenStore(folder_.path());
  const Result<Moved> moved = MoveToDatabase(Order(folder_.path()));
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().code, ErrorCode::kConflict);
  EXPECT_NE(moved.error().message.find("stop the reporter"), std::string::npos);
  EXPECT_TRUE(store->Read().ok());
}

TEST_F(StateMoveTest, ADatabaseThatNodesShareWithIsRefusedUnlessForced) {
  Fill(folder_.path());
  ASSERT_TRUE(MoveToDatabase(Order(folder_.path())).ok());
  const auto store = OpenDatabase();
  const std::int64_t seq = store->Read().value().state.consent_seq;
  ASSERT_TRUE(store->node_counts()->Share({std::string(32, '1'), {}}, {{}, seq, nullptr}).ok());
  TemporaryFolder folder;
  const Result<Moved> refused = MoveToFolder(Order(folder.path()));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("1 nodes shared"), std::string::npos) << Said(refused);
  EXPECT_TRUE(store->Read().ok());
  MoveOrder forced = Order(folder.path());
  forced.force = true;
  EXPECT_TRUE(MoveToFolder(forced).ok());
}

TEST_F(StateMoveTest, LaterVersionsAndUnknownPasswordsAreSaid) {
  Fill(folder_.path());
  ASSERT_TRUE(OpenDatabase()->Read().ok());
  Ask(database_, "UPDATE candor_state SET version = 99");
  EXPECT_EQ(MoveToDatabase(Order(folder_.path())).error().code, ErrorCode::kOutOfRange);
  MoveOrder wrong = Order(folder_.path());
  const std::string passfile = folder_.File("passfile");
  std::ofstream(passfile) << "*:*:*:*:wrong\n";
  ASSERT_EQ(::chmod(passfile.c_str(), 0600), 0);
  wrong.database = SharedPostgres().LoopbackConninfo() + " passfile=" + passfile;
  const Result<Moved> refused = MoveToDatabase(wrong);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("PGPASSWORD"), std::string::npos) << Said(refused);
  EXPECT_TRUE(OpenSqliteStore(folder_.path()).ok()) << "it is where it was";
}

TEST_F(StateMoveTest, ThereHasToBeSomethingToMove) {
  EXPECT_NE(Said(MoveToDatabase(Order(folder_.path()))).find("nothing to move"), std::string::npos);
  EXPECT_NE(Said(MoveToFolder(Order(folder_.path()))).find("nothing to move"), std::string::npos);
}

}  // namespace
}  // namespace candor
