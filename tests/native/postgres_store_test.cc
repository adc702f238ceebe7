// What is the PostgreSQL store's own: nodes, their counts, leases, and a database that is away.
#include "native/state/postgres_store.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "core/problems.h"
#include "native/state/postgres_schema.h"
#include "tests/native/state_stores.h"

namespace candor {
namespace {

constexpr char kId[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
constexpr char kOne[] = "11111111111111111111111111111111";
constexpr char kTwo[] = "22222222222222222222222222222222";

using Values = std::vector<std::pair<std::string, std::uint64_t>>;

class PostgresStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!IsThere(Backend::kPostgres)) GTEST_SKIP() << "needs Debian's postgresql";
    place_ = MakePlace(Backend::kPostgres);
    one_ = place_->Open();
    two_ = place_->Open();
  }

  // A yes is entry `seq` of the journal.
  void Decide(Verdict verdict) {
    const Snapshot now = one_->Read().value();
    StateChange change;
    change.state = now.state;
    change.at = 1;
    change.journal.push_back({"consent", ConsentText(SampleConsent(verdict))});
    ASSERT_TRUE(one_->Apply(change, now.revision).ok());
  }
  std::int64_t ConsentSeq() { return one_->Read().value().state.consent_seq; }
  // Under the decision that stands; what was counted before it was seen is dropped as `drops` says.
  Values Share(StateStore& store, const std::string& epoch, Values values,
               std::function<bool(std::string_view)> drops = nullptr) {
    NodeCounts& counts = *store.node_counts();
    const auto shared = counts.Share({epoch, std::move(values)}, {counts.SeenConsent(epoch).value(),
                                                                  ConsentSeq(), std::move(drops)});
    EXPECT_TRUE(shared.ok()) << ProblemsAsText(shared.problems());
    return shared.ok() ? shared.value().values : Values();
  }

  std::unique_ptr<StoreOfTest> place_;
  std::unique_ptr<StateStore> one_, two_;
};

TEST_F(PostgresStoreTest, SumsWhatEveryNodeCountedOnce) {
  EXPECT_EQ(Share(*one_, kOne, {{"a", 0}}), (Values{{"a", 0}}));
  EXPECT_EQ(Share(*two_, kTwo, {{"a", 0}, {"b", 0}}), (Values{{"a", 0}, {"b", 0}}));
  EXPECT_EQ(Share(*one_, kOne, {{"a", 5}}), (Values{{"a", 5}, {"b", 0}}));
  EXPECT_EQ(Share(*two_, kTwo, {{"a", 2}, {"b", 1}}), (Values{{"a", 7}, {"b", 1}}));
  // Said again, as after a lost answer, or by another process of the node.
  EXPECT_EQ(Share(*two_, kTwo, {{"a", 2}, {"b", 1}}), (Values{{"a", 7}, {"b", 1}}));
  // A file that lost its last moments.
  EXPECT_EQ(Share(*two_, kTwo, {{"a", 1}, {"b", 3}}), (Values{{"a", 7}, {"b", 3}}));
  EXPECT_EQ(Share(*one_, "", {}), (Values{{"a", 7}, {"b", 3}}));
}

TEST_F(PostgresStoreTest, ANodeThatIsNewBringsNothingFromBefore) {
  EXPECT_EQ(Share(*one_, kOne, {{"a", 40}}), (Values{{"a", 0}}));
  EXPECT_EQ(Share(*one_, kOne, {{"a", 41}, {"b", 1}}), (Values{{"a", 1}, {"b", 1}}));
}

TEST_F(PostgresStoreTest, WhatWasCountedBeforeADecisionWasSeenIsDropped) {
  Share(*one_, kOne, {{"a", 0}, {"b", 0}});
  Share(*one_, kOne, {{"a", 5}, {"b", 5}});
  Decide(Verdict::kGranted);
  const auto drops = [](std::string_view name) { return name == "a"; };
  EXPECT_EQ(Share(*one_, kOne, {{"a", 9}, {"b", 9}}, drops), (Values{{"a", 5}, {"b", 9}}));
  EXPECT_EQ(Share(*one_, kOne, {{"a", 10}, {"b", 10}}), (Values{{"a", 6}, {"b", 10}}));
}

TEST_F(PostgresStoreTest, SharesOnlyUnderTheDecisionThatStands) {
  NodeCounts& counts = *one_->node_counts();
  Share(*one_, kOne, {{"a", 1}});
  Decide(Verdict::kDenied);
  const auto late = counts.Share({kOne, {{"a", 2}}}, {0, 0, nullptr});
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);
  const auto other = counts.Share({kOne, {{"a", 2}}}, {7, ConsentSeq(), nullptr});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
}

TEST_F(PostgresStoreTest, ADecisionThatMissedCountsIsRefused) {
  Share(*one_, kOne, {{"a", 0}});
  const CounterTotals known =
      one_->node_counts()->Share({"", {}}, {std::nullopt, ConsentSeq(), nullptr}).value();
  Share(*two_, kOne, {{"a", 3}});
  StateChange change = SampleChange(SampleReport(kId, "{}\n"));
  change.shared = known;
  const Result<std::int64_t> refused = one_->Apply(change, 0);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  change.shared->values = {{"a", 3}};
  EXPECT_TRUE(one_->Apply(change, 0).ok());
}

TEST_F(PostgresStoreTest, ALeaseThatRanOutIsAnothersAndRefusedOnce) {
  const StateChange change = SampleChange(SampleReport(kId, "{}\n"));
  const auto held = std::move(one_->TryLockSender(100)).value();
  ASSERT_NE(held, nullptr);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  const auto next = std::move(two_->TryLockSender(60'000)).value();
  ASSERT_NE(next, nullptr);
  const Result<std::int64_t> refused = one_->Apply(change, 0);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  // What has happened may be written down by whoever has looked again.
  EXPECT_TRUE(one_->Apply(change, 0).ok());
}

TEST_F(PostgresStoreTest, AnotherNodesChangeWakes) {
  ASSERT_TRUE(one_->Read().ok());
  ASSERT_TRUE(two_->Read().ok());
  pollfd wait = {one_->change_descriptor(), POLLIN, 0};
  ASSERT_GE(wait.fd, 0);
  EXPECT_EQ(::poll(&wait, 1, 0), 0);
  ASSERT_TRUE(two_->Apply(SampleChange(SampleReport(kId, "{}\n")), 0).ok());
  EXPECT_EQ(::poll(&wait, 1, 5'000), 1);
  one_->DrainChanges();
  EXPECT_EQ(::poll(&wait, 1, 0), 0);
}

TEST_F(PostgresStoreTest, GoesOnWhenTheDatabaseIsBack) {
  PostgresServer server;
  server.Start();
  const auto store = OpenPostgresStore(server.Conninfo()).value();
  ASSERT_TRUE(store->Apply(SampleChange(SampleReport(kId, "{}\n")), 0).ok());
  testing::internal::CaptureStderr();
  server.Kill();
  store->DrainChanges();
  // The processes it had forked end a moment later.
  for (int tries = 0; tries < 500 && store->Read().ok(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_FALSE(store->Read().ok());
  EXPECT_EQ(store->Read().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "standard error is the host's";
  EXPECT_EQ(store->change_descriptor(), -1);
  server.Start();
  ASSERT_TRUE(store->Read().ok());
  EXPECT_EQ(store->Read().value().revision, 1);
}

TEST_F(PostgresStoreTest, NeverWaitsForADatabaseThatIsSilent) {
  // Accepts, and says nothing.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 8), 0);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const auto store = OpenPostgresStore("host=127.0.0.1 sslmode=disable port=" +
                                       std::to_string(ntohs(address.sin_port)))
                         .value();
  std::thread hurry([&store] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    store->Hurry(100);
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(store->Read().error().code, ErrorCode::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
  hurry.join();
  ::close(listener);
}

TEST_F(PostgresStoreTest, AStateThatWasMovedIsNeitherReadNorWrittenAlsoByWhoWasConnected) {
  Share(*one_, kOne, {{"a", 1}});
  ASSERT_TRUE(one_->Read().ok());
  Ask(place_->place().database, "UPDATE candor_state SET moved_to = 'a folder'");
  const auto shared = one_->node_counts()->Share({kOne, {{"a", 2}}}, {0, 0, nullptr});
  EXPECT_EQ(shared.ok() ? "" : shared.error().message,
            "holds a state that was moved to a folder: use it from there");
  EXPECT_EQ(one_->Read().error().code, ErrorCode::kConflict);
  EXPECT_EQ(one_->Apply(SampleChange(SampleReport(kId, "{}\n")), 0).error().message,
            shared.error().message);
  Ask(place_->place().database, "UPDATE candor_state SET moved_to = '(unfinished) a folder'");
  EXPECT_NE(two_->Read().error().message.find("finishes"), std::string::npos);
}

TEST_F(PostgresStoreTest, NeedsNoRightToDelete) {
  const std::string conninfo = SharedPostgres().Conninfo();
  Ask(conninfo, "CREATE ROLE clerk LOGIN");
  Ask(conninfo, "CREATE SCHEMA clerks");
  const std::string in_schema = InSchema(conninfo, "clerks");
  EXPECT_EQ(Ask(in_schema, PostgresSchema()), "");
  EXPECT_EQ(Ask(in_schema,
                "GRANT USAGE ON SCHEMA clerks TO clerk;"
                "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA clerks TO clerk"),
            "");
  const auto store = OpenPostgresStore(InSchema(conninfo, "clerks") + " user=clerk").value();
  StateChange change = SampleChange(SampleReport(kId, "{}\n"));
  ASSERT_TRUE(store->Apply(change, 0).ok()) << ProblemsAsText(store->Apply(change, 0).problems());
  change.journal.clear();
  change.report.reset();
  change.state.pending.clear();
  change.wipe_reports = true;
  ASSERT_TRUE(store->Apply(change, 1).ok());
  EXPECT_EQ(store->ReadReport(kId).value().bytes, "");
}

TEST_F(PostgresStoreTest, SaysWhatMakesTheTablesToWhoMayNot) {
  const std::string conninfo = SharedPostgres().Conninfo();
  Ask(conninfo, "CREATE ROLE guest LOGIN");
  Ask(conninfo, "CREATE SCHEMA closed; GRANT USAGE ON SCHEMA closed TO guest");
  const auto store = OpenPostgresStore(InSchema(conninfo, "closed") + " user=guest").value();
  const Result<Snapshot> refused = store->Read();
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("candor state schema"), std::string::npos);
}

TEST_F(PostgresStoreTest, RefusesAPasswordWhereOthersCanReadIt) {
  for (const char* conninfo : {"host=db password=secret", "postgresql://a:secret@db/x"}) {
    const auto refused = OpenPostgresStore(conninfo);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kBadRequest);
    EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
  }
  EXPECT_EQ(OpenPostgresStore("no such=thing").error().code, ErrorCode::kBadRequest);
}

TEST_F(PostgresStoreTest, AChildHasAConnectionOfItsOwn) {
  ASSERT_TRUE(one_->Read().ok());
  const pid_t child = ::fork();
  if (child == 0) {
    const bool good = one_->Apply(SampleChange(SampleReport(kId, "{}\n")), 0).ok();
    one_.reset();
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ASSERT_TRUE(one_->Read().ok());
  EXPECT_EQ(one_->Read().value().revision, 1);
}

TEST_F(PostgresStoreTest, AReportWhoseBytesAreDamagedNeverLeaves) {
  ASSERT_TRUE(one_->Apply(SampleChange(SampleReport(kId, "{\"a\": 1}\n")), 0).ok());
  Ask(place_->place().database, "UPDATE candor_reports SET bytes = 'x'");
  const Result<Snapshot> snapshot = two_->Read();
  ASSERT_TRUE(snapshot.ok()) << ProblemsAsText(snapshot.problems());
  EXPECT_FALSE(snapshot.value().pending);
  EXPECT_EQ(snapshot.value().state.pending, "");
  EXPECT_EQ(two_->ReadJournal(0, 10).value().back().kind, "recovered");
  EXPECT_EQ(two_->ReadReport(kId).value().fate, Fate::kWithdrawn) << "it was attempted";
}

}  // namespace
}  // namespace candor
