#include "native/state/state_store.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/problems.h"
#include "core/sha256.h"
#include "tests/native/state_samples.h"
#include "tests/native/state_stores.h"

namespace candor {
namespace {

constexpr char kId[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

TEST(StateDocumentTest, ReadsBackEveryField) {
  State state = SampleState();
  state.consent_seq = 12;
  state.pending = kId;
  const Result<State> again = ParseStoredState(WriteStoredState(state));
  ASSERT_TRUE(again.ok()) << ProblemsAsText(again.problems());
  EXPECT_EQ(Text(again.value()), Text(state));
  EXPECT_EQ(again.value().baselines, state.baselines);
  EXPECT_EQ(again.value().consent->withheld, state.consent->withheld);
  EXPECT_EQ(again.value().initial, state.initial);
  EXPECT_EQ(again.value().counting_since, state.counting_since);
}

TEST(StateDocumentTest, ReadsBackAnEmptyState) {
  const Result<State> again = ParseStoredState(WriteStoredState({}));
  ASSERT_TRUE(again.ok()) << ProblemsAsText(again.problems());
  EXPECT_FALSE(again.value().consent);
  EXPECT_FALSE(again.value().initial);
  EXPECT_FALSE(again.value().due_at);
}

TEST(ReportRecordTest, ReadsBackEveryFieldButTheBytes) {
  SealedReport report = SampleReport(kId, "{}\n");
  const Result<SealedReport> again = ParseReportRecord(WriteReportRecord(report));
  ASSERT_TRUE(again.ok()) << ProblemsAsText(again.problems());
  EXPECT_EQ(again.value().bytes, "");
  report.bytes.clear();
  EXPECT_EQ(Text(again.value()), Text(report));
  EXPECT_EQ(again.value().receipt, report.receipt);
  EXPECT_EQ(again.value().counted_from, report.counted_from);
}

TEST(ReportRecordTest, KeepsAnAnswerThatIsNoText) {
  SealedReport report = SampleReport(kId, "{}\n");
  report.receipt = "\xFF\x00\n ok";
  report.receipt.push_back('\0');
  EXPECT_TRUE(ParseReportRecord(WriteReportRecord(report)).ok());
}

// What every store keeps to, in whatever database it is.
class StateStoreTest : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (!IsThere(GetParam())) GTEST_SKIP() << "needs Debian's postgresql";
    place_ = MakePlace(GetParam());
  }
  // Another process's, or another node's.
  std::unique_ptr<StateStore> Open() const { return place_->Open(); }

  std::unique_ptr<StoreOfTest> place_;
};

INSTANTIATE_TEST_SUITE_P(Backends, StateStoreTest,
                         testing::Values(Backend::kSqlite, Backend::kPostgres),
                         [](const auto& backend) { return NameOf(backend.param); });

TEST_P(StateStoreTest, StartsEmptyAtRevisionZero) {
  const auto store = Open();
  const Result<Snapshot> snapshot = store->Read();
  ASSERT_TRUE(snapshot.ok()) << ProblemsAsText(snapshot.problems());
  EXPECT_EQ(snapshot.value().revision, 0);
  EXPECT_EQ(Text(snapshot.value().state), Text(State()));
  EXPECT_FALSE(snapshot.value().pending);
  EXPECT_EQ(store->ReadFacts().value(), "");
  EXPECT_TRUE(store->ListReports(10).value().empty());
  EXPECT_TRUE(store->ReadJournal(0, 10).value().empty());
  EXPECT_EQ(store->set_aside(), "");
}

TEST_P(StateStoreTest, KeepsAChangeOverReopening) {
  StateChange change = SampleChange(SampleReport(kId, "{\"a\": 1}\n"));
  change.facts = "{\"product\": {}}\n";
  {
    const auto store = Open();
    const Result<std::int64_t> revision = store->Apply(change, 0);
    ASSERT_TRUE(revision.ok()) << ProblemsAsText(revision.problems());
    EXPECT_EQ(revision.value(), 1);
  }
  const auto store = Open();
  const Result<Snapshot> snapshot = store->Read();
  ASSERT_TRUE(snapshot.ok()) << ProblemsAsText(snapshot.problems());
  EXPECT_EQ(snapshot.value().revision, 1);
  change.state.consent_seq = 2;
  EXPECT_EQ(Text(snapshot.value().state), Text(change.state));
  ASSERT_TRUE(snapshot.value().pending);
  EXPECT_EQ(Text(*snapshot.value().pending), Text(*change.report));
  EXPECT_EQ(store->ReadFacts().value(), *change.facts);
  EXPECT_EQ(Text(store->ReadReport(kId).value()), Text(*change.report));
  const auto journal = store->ReadJournal(0, 10).value();
  ASSERT_EQ(journal.size(), 3u);
  EXPECT_EQ(CountLinked(journal), 3u);
  EXPECT_NE(journal[2].body.find("\"consentSeq\": 2"), std::string::npos);
  EXPECT_EQ(store->ReadJournal(1, 1).value().front().kind, "consent");
  EXPECT_EQ(store->ReadReport("other").error().code, ErrorCode::kNotFound);
}

TEST_P(StateStoreTest, RefusesAChangeOfAStateThatMovedOn) {
  const auto one = Open();
  const auto two = Open();
  StateChange change = SampleChange(SampleReport(kId, "{}\n"));
  ASSERT_TRUE(one->Apply(change, 0).ok());
  change.state.installation = "another";
  const Result<std::int64_t> refused = two->Apply(change, 0);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_EQ(two->Read().value().state.installation, SampleState().installation);
  EXPECT_EQ(two->ReadJournal(0, 10).value().size(), 3u);
}

TEST_P(StateStoreTest, WritesNothingOfAReportThatIsNotItsDigest) {
  const auto store = Open();
  StateChange change = SampleChange(SampleReport(kId, "{}\n"));
  change.report->bytes = "{ }\n";
  change.report->size = 4;
  const Result<std::int64_t> refused = store->Apply(change, 0);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(store->Read().value().revision, 0);
  EXPECT_TRUE(store->ReadJournal(0, 10).value().empty());
}

TEST_P(StateStoreTest, RefusesWhatCouldNotBeReadAgain) {
  const auto store = Open();
  StateChange change;
  change.state.due_at = std::int64_t{1} << 60;
  EXPECT_EQ(store->Apply(change, 0).error().where, "/dueAtMs");
  change.state.due_at.reset();
  change.state.installation = "\xFF";
  EXPECT_EQ(store->Apply(change, 0).error().code, ErrorCode::kNotUtf8);
  EXPECT_EQ(store->Read().value().revision, 0);
}

TEST_P(StateStoreTest, KeepsTheBytesWhenOnlyTheFateChanges) {
  const auto store = Open();
  const SealedReport report = SampleReport(kId, "{\"a\": 1}\n");
  StateChange change = SampleChange(report);
  ASSERT_TRUE(store->Apply(change, 0).ok());
  change.journal.clear();
  change.report->bytes.clear();
  change.report->fate = Fate::kAccepted;
  change.state.pending.clear();
  ASSERT_TRUE(store->Apply(change, 1).ok());
  const SealedReport read = store->ReadReport(kId).value();
  EXPECT_EQ(read.bytes, report.bytes);
  EXPECT_EQ(read.fate, Fate::kAccepted);
  const auto listed = store->ListReports(10).value();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed.front().bytes, "");
}

TEST_P(StateStoreTest, LetsOneSendAtATime) {
  const auto one = Open();
  const auto two = Open();
  auto held = one->TryLockSender(1'000);
  ASSERT_TRUE(held.ok() && held.value());
  EXPECT_EQ(two->TryLockSender(1'000).value(), nullptr);
  EXPECT_EQ(one->TryLockSender(1'000).value(), nullptr);
  { const auto released = std::move(held).value(); }
  EXPECT_NE(two->TryLockSender(1'000).value(), nullptr);
}

}  // namespace
}  // namespace candor
