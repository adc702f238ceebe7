// Every call to the disk fails in turn, once or from then on.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/problems.h"
#include "tests/native/fault_vfs.h"
#include "tests/native/state_damage.h"
#include "tests/native/state_samples.h"

namespace candor {
namespace {

constexpr char kId[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
constexpr int kMostCalls = 3000;

using Reason = FaultPlan::Reason;

StateChange SecondChange(const State& state) {
  StateChange change;
  change.state = state;
  change.state.failed_rounds = 99;
  change.state.pending.clear();
  change.journal = {{"withdrawn", "{\"report\": \"x\"}"}};
  change.wipe_reports = true;
  change.facts = "";
  return change;
}

// The state is the one before or the one after the change, whole.
void ExpectOldOrNew(StateStore& store, const std::string& old_text, const std::string& new_text,
                    bool acknowledged) {
  const Result<Snapshot> read = store.Read();
  ASSERT_TRUE(read.ok()) << ProblemsAsText(read.problems());
  const std::string text = Text(read.value().state);
  if (acknowledged) {
    EXPECT_EQ(text, new_text);
  }
  EXPECT_TRUE(text == old_text || text == new_text) << text;
  const bool is_new = text == new_text;
  EXPECT_EQ(read.value().revision, is_new ? 2 : 1);
  EXPECT_EQ(read.value().pending.has_value(), !is_new);
  const auto journal = store.ReadJournal(0, 100).value();
  EXPECT_EQ(journal.size(), is_new ? 4u : 3u);
  EXPECT_EQ(CountLinked(journal), journal.size());
  EXPECT_EQ(store.ReadReport(kId).value().bytes.empty(), is_new);
}

// Opens, changes and closes with the fault; then without. true when the fault came.
bool TryFault(const FaultPlan& plan) {
  const TemporaryFolder folder;
  const StateChange first = SampleChange(SampleReport(kId, std::string(6000, 'r')));
  State before;
  {
    const auto store = OpenStore(folder.path());
    EXPECT_TRUE(store->Apply(first, 0).ok());
    before = store->Read().value().state;
  }
  const StateChange second = SecondChange(before);
  const std::string old_text = Text(before), new_text = Text(second.state);
  bool acknowledged = false;
  FaultVfs::Plan(plan);
  Result<std::unique_ptr<StateStore>> store = OpenSqliteStore(folder.path());
  if (store.ok()) {
    const Result<Snapshot> read = store.value()->Read();
    if (!read.ok()) {
      EXPECT_EQ(read.error().code, ErrorCode::kUnavailable) << ProblemsAsText(read.problems());
    }
    const Result<std::int64_t> applied = store.value()->Apply(second, 1);
    acknowledged = applied.ok();
    if (!applied.ok()) {
      EXPECT_EQ(applied.error().code, ErrorCode::kUnavailable)
          << ProblemsAsText(applied.problems());
    }
  } else {
    EXPECT_EQ(store.error().code, ErrorCode::kUnavailable) << ProblemsAsText(store.problems());
  }
  const bool failed = FaultVfs::Failed();
  FaultVfs::Heal();
  if (store.ok()) {
    EXPECT_EQ(store.value()->set_aside(), "");
    ExpectOldOrNew(*store.value(), old_text, new_text, acknowledged);
    std::move(store).value().reset();
  }
  const auto again = OpenStore(folder.path());
  EXPECT_EQ(again->set_aside(), "");
  ExpectOldOrNew(*again, old_text, new_text, acknowledged);
  return failed;
}

void TryEveryCall(Reason reason, bool forever) {
  FaultVfs::Install();
  int at = 1;
  while (at < kMostCalls && TryFault({reason, at, forever})) {
    ASSERT_FALSE(testing::Test::HasFailure()) << "call " << at;
    ++at;
  }
  EXPECT_GT(at, 50);
  EXPECT_LT(at, kMostCalls);
}

TEST(DiskFaultTest, AFullDiskOnce) { TryEveryCall(Reason::kFull, false); }
TEST(DiskFaultTest, AFullDiskForEver) { TryEveryCall(Reason::kFull, true); }
TEST(DiskFaultTest, ABrokenDiskOnce) { TryEveryCall(Reason::kBroken, false); }
TEST(DiskFaultTest, ABrokenDiskForEver) { TryEveryCall(Reason::kBroken, true); }
TEST(DiskFaultTest, NoMemoryOnce) { TryEveryCall(Reason::kNoMemory, false); }

// A damaged state is repaired later where it could not be repaired now, and no less of it is kept.
TEST(DiskFaultTest, RepairingLosesNothingToAFault) {
  FaultVfs::Install();
  FolderImage image = GrantedImage(Ending::kClosed);
  for (FolderImage::File& file : image.files) {
    // One of the two copies of the state.
    const std::size_t at = file.bytes.find("0190c6a1-7d2f");
    if (at != std::string::npos) file.bytes[at] = 'X';
  }
  for (const bool forever : {false, true}) {
    bool failed = true;
    for (int at = 1; failed; ++at) {
      const TemporaryFolder folder;
      WriteImage(folder.path(), image);
      FaultVfs::Plan({Reason::kBroken, at, forever});
      { const auto store = OpenSqliteStore(folder.path()); }
      failed = FaultVfs::Failed();
      FaultVfs::Heal();
      const auto store = OpenStore(folder.path());
      ASSERT_NE(store, nullptr) << "call " << at;
      const Snapshot snapshot = store->Read().value();
      EXPECT_EQ(snapshot.state.installation, SampleState().installation) << "call " << at;
      EXPECT_TRUE(snapshot.state.consent.has_value()) << "call " << at;
      EXPECT_TRUE(snapshot.pending.has_value()) << "call " << at;
      const auto journal = store->ReadJournal(0, 100).value();
      ASSERT_EQ(journal.size(), 5u) << "call " << at;
      EXPECT_EQ(journal[4].kind, "recovered");
      EXPECT_EQ(CountLinked(journal), 5u);
    }
  }
}

// From nothing: the folder is made with faults, and then without.
TEST(DiskFaultTest, CreatingIsDoneLaterWhatCouldNotBeDoneNow) {
  FaultVfs::Install();
  for (const bool forever : {false, true}) {
    bool failed = true;
    for (int at = 1; failed; ++at) {
      const TemporaryFolder folder;
      FaultVfs::Plan({Reason::kBroken, at, forever});
      { const auto store = OpenSqliteStore(folder.path()); }
      failed = FaultVfs::Failed();
      FaultVfs::Heal();
      const auto store = OpenStore(folder.path());
      ASSERT_NE(store, nullptr) << "call " << at;
      EXPECT_EQ(store->set_aside(), "") << "call " << at;
      EXPECT_EQ(store->Read().value().revision, 0) << "call " << at;
    }
  }
}

}  // namespace
}  // namespace candor
