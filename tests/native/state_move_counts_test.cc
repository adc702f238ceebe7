// Counts while a state moves between a folder and a database at any moment: every increment is
// reported once. With the real reporter, real counter files and a real PostgreSQL.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <memory>

#include "core/json_reader.h"
#include "core/problems.h"
#include "native/counters/counters.h"
#include "native/reporter/life.h"
#include "native/state/moved_counts.h"
#include "native/state/state_move.h"
#include "tests/native/reporter_rig.h"
#include "tests/native/state_stores.h"

namespace candor {
namespace {

using Values = std::map<std::string, std::uint64_t>;

constexpr const char* kNames[] = {"DeployCmd", "StartProcessInstanceCmd", "CompleteTaskCmd"};

class FileSource : public TestSource {
 public:
  explicit FileSource(const std::string& path) : counters_(path) {}
  CounterTotals Totals() override { return counters_.Totals(); }
  bool SyncTotals() override { return counters_.Sync(); }
  void Add(const std::string& name, std::uint64_t n) {
    counters_.Add(counters_.Intern(CommandCounter(name)), n);
  }

 private:
  Counters counters_;
};

// A process that counts and reports, on a folder of its own.
class Node {
 public:
  Node(const std::string& folder, std::uint64_t seed) : folder_(folder), random_(seed) {
    catalogue_ = ParseCatalogue(FindBuiltInCatalogue("engine")->json).value();
    config_.mode.value = Mode::kOnline;
    config_.catalogue.value = "engine";
    config_.endpoint.value = "https://telemetry.example/pings";
  }
  std::string Counters() const { return folder_ + "/counters"; }
  const std::string& folder() const { return folder_; }

  void Start(const std::string& database) {
    store_ = OpenStateStore({folder_, database}).value();
    source_ = std::make_unique<FileSource>(Counters());
    reporter_ = std::make_unique<Reporter>(
        ReporterParts{config_, catalogue_, *store_, *source_, SystemClock(), random_, log_,
                      [this]() -> Result<Transport*> { return &transport; }},
        OfferedCatalogue(config_, catalogue_).value(), SystemClock().BootMillis());
  }
  void Stop() {
    reporter_.reset();
    source_.reset();
    store_.reset();
  }
  bool is_running() const { return reporter_ != nullptr; }
  FileSource& source() { return *source_; }
  Reporter& reporter() { return *reporter_; }
  StateStore& store() { return *store_; }

  TestTransport transport;

 private:
  const std::string folder_;
  Config config_;
  Catalogue catalogue_;
  SeededRandom random_;
  TestLog log_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<FileSource> source_;
  std::unique_ptr<Reporter> reporter_;
};

Values CountsOf(const std::string& body) {
  Values counts;
  const JsonValue document = ReadJson(body).value();
  const JsonValue* place = &document;
  for (const char* key : {"product", "internals", "commands"}) {
    place = place == nullptr ? nullptr : place->Find(key);
  }
  if (place == nullptr) return counts;
  for (const char* name : kNames) {
    const JsonValue* command = place->Find(name);
    std::int64_t count = 0;
    if (command != nullptr && command->Find("count")->AsInteger(&count)) {
      counts[name] = static_cast<std::uint64_t>(count);
    }
  }
  return counts;
}

// Three machines that count, while the state is in the folder of one or in a database of all.
class MoveWorld : public testing::Test {
 protected:
  void Begin(std::uint64_t seed) {
    if (!IsThere(Backend::kPostgres)) GTEST_SKIP() << "needs Debian's postgresql";
    random_ = std::make_unique<SeededRandom>(seed);
    for (auto& folder : folders_) {
      nodes_.push_back(std::make_unique<Node>(folder.path(), random_->Next()));
    }
    Join(0);
    ASSERT_TRUE(nodes_[0]->reporter().Grant(kAda, {}, nullptr).empty());
  }
  void TearDown() override {
    for (auto& node : nodes_) node->Stop();
  }

  std::uint64_t Below(std::uint64_t n) { return random_->Next() % n; }

  void Join(std::size_t node) {
    nodes_[node]->Start(database_);
    running_.push_back(node);
    // A node that joins brings nothing from before.
    const auto seen = nodes_[node]->reporter().Preview();
    ASSERT_TRUE(seen.ok()) << ProblemsAsText(seen.problems());
  }
  void StopAll() {
    for (const std::size_t node : running_) nodes_[node]->Stop();
    running_.clear();
  }
  Node& Any() { return *nodes_[running_[Below(running_.size())]]; }

  void Count() { CountAt(Any()); }
  void CountAt(Node& node) {
    const std::string name = kNames[Below(3)];
    const std::uint64_t n = 1 + Below(9);
    node.source().Add(name, n);
    counted_[name] += n;
  }
  void Share() {
    if (database_.empty()) return;
    for (const std::size_t node : running_) {
      ASSERT_TRUE(nodes_[node]->reporter().Preview().ok());
    }
  }
  void Send(PostResult answer) {
    Node& node = Any();
    const std::size_t before = node.transport.posted.size();
    node.transport.answers = {answer};
    const auto sent = node.reporter().SendNow();
    ASSERT_TRUE(sent.ok()) << ProblemsAsText(sent.problems());
    ASSERT_EQ(node.transport.posted.size(), before + 1);
    if (!sent.value().accepted) return;
    for (const auto& [name, count] : CountsOf(node.transport.posted.back().body)) {
      reported_[name] += count;
    }
  }
  // Counts return when the service refuses it, or somebody takes it back, unless it may have
  // arrived.
  void TakeBack() {
    StateStore& store = Any().store();
    const Snapshot now = store.Read().value();
    if (!now.pending || now.pending->uncertain) return;
    if (Below(2) == 0) return Send(Answered(400));
    const StateChange change = TakeBackChange(now.state, *now.pending, {"test", false, 1});
    ASSERT_TRUE(store.Apply(change, now.revision).ok());
  }
  void Act() {
    switch (Below(8)) {
      case 0:
        ASSERT_TRUE(Any().reporter().Seal(ReportKind::kManual).ok());
        return;
      case 1:
        return Send(Answered(202));
      case 2:
        return Send(Answered(429));
      case 3:
        return Send(LostReply());
      case 4:
        return TakeBack();
      case 5:
        return Share();
      default:
        return Count();
    }
  }

  void Move() {
    const bool to_database = database_.empty();
    // What a node of another machine has not shared when it ends for ever is not moved.
    Share();
    std::size_t node = 0;
    if (!to_database) {
      node = Below(nodes_.size());
      // This machine's own may be ahead of what it shared.
      if (!nodes_[node]->is_running()) Join(node);
      CountAt(*nodes_[node]);
    } else {
      node = running_[0];
      place_ = MakePlace(Backend::kPostgres);
    }
    StopAll();
    const MoveOrder order =
        OrderFor(*nodes_[node], to_database ? place_->place().database : database_);
    if (Below(2) == 0) DieAt(order, to_database);
    const Result<Moved> moved = to_database ? MoveToDatabase(order) : MoveToFolder(order);
    ASSERT_TRUE(moved.ok()) << ProblemsAsText(moved.problems());
    database_ = to_database ? order.database : "";
    Join(node);
    for (std::size_t other = 0; to_database && other < nodes_.size(); ++other) {
      if (other != node && Below(2) == 0) Join(other);
    }
  }
  static MoveOrder OrderFor(const Node& node, const std::string& database) {
    MoveOrder order;
    order.folder = node.folder();
    order.counters = node.Counters();
    order.database = database;
    order.force = true;
    return order;
  }
  void DieAt(MoveOrder order, bool to_database) {
    auto step = static_cast<MoveStep>(Below(3));
    if (to_database && step == MoveStep::kAdded) step = MoveStep::kLeft;
    const pid_t child = ::fork();
    if (child == 0) {
      order.reached = [step](MoveStep now) {
        if (now == step) ::kill(::getpid(), SIGKILL);
      };
      static_cast<void>(to_database ? MoveToDatabase(order) : MoveToFolder(order));
      ::_exit(0);
    }
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  }

  // What waits and what would be sealed now make up the rest.
  void ExpectExact() {
    Share();
    Values open = reported_;
    const auto now = nodes_[running_[0]]->reporter().Preview();
    ASSERT_TRUE(now.ok());
    for (const auto& [name, count] : CountsOf(now.value().bytes)) open[name] += count;
    const Snapshot snapshot = nodes_[running_[0]]->store().Read().value();
    if (snapshot.pending) {
      for (const auto& [name, count] : CountsOf(snapshot.pending->bytes)) open[name] += count;
    }
    for (const char* name : kNames) EXPECT_EQ(open[name], counted_[name]) << name;
  }

  TemporaryFolder folders_[3];
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::size_t> running_;
  std::unique_ptr<StoreOfTest> place_;
  std::string database_;  // "" while the state is in a folder.
  std::unique_ptr<SeededRandom> random_;
  Values counted_, reported_;
};

class StateMoveCountsTest : public MoveWorld, public testing::WithParamInterface<int> {
 protected:
  void SetUp() override { Begin(static_cast<std::uint64_t>(GetParam()) + 1); }
};

TEST_P(StateMoveCountsTest, EveryIncrementIsReportedOnceWhereverTheStateMoves) {
  for (int moves = 0; moves < 6; ++moves) {
    const std::uint64_t steps = Below(8);
    for (std::uint64_t step = 0; step < steps; ++step) {
      Act();
      ASSERT_FALSE(HasFatalFailure());
    }
    ASSERT_NO_FATAL_FAILURE(Move());
    ASSERT_NO_FATAL_FAILURE(ExpectExact());
  }
  // Until nothing is open.
  for (int left = 0; left < 2; ++left) {
    Share();
    ASSERT_NO_FATAL_FAILURE(Send(Answered(202)));
  }
  for (const char* name : kNames) EXPECT_EQ(reported_[name], counted_[name]) << name;
}

INSTANTIATE_TEST_SUITE_P(Histories, StateMoveCountsTest, testing::Range(0, 24));

class FailedMoveTest : public MoveWorld {
 protected:
  void SetUp() override { Begin(1); }
};

TEST_F(FailedMoveTest, CountsThatWereAddedForNothingNeverReachTheDatabase) {
  Count();
  ASSERT_NO_FATAL_FAILURE(Move());
  StopAll();
  Join(0);
  Count();
  StopAll();
  // The folder's database is locked when it is to be written, and not before.
  sqlite3* other = nullptr;
  MoveOrder order = OrderFor(*nodes_[0], database_);
  order.reached = [&](MoveStep step) {
    if (step != MoveStep::kAdded) return;
    ASSERT_EQ(sqlite3_open((order.folder + "/state.db").c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  };
  const Result<Moved> moved = MoveToFolder(order);
  sqlite3_close(other);
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().code, ErrorCode::kUnavailable);
  Join(0);
  Count();
  ASSERT_NO_FATAL_FAILURE(ExpectExact());
  order.reached = nullptr;
  StopAll();
  const Result<Moved> again = MoveToFolder(order);
  ASSERT_TRUE(again.ok()) << ProblemsAsText(again.problems());
  database_.clear();
  Join(0);
  Count();
  ASSERT_NO_FATAL_FAILURE(ExpectExact());
}

TEST_F(FailedMoveTest, ADissolvedReportReturnsItsCountsOnBothSides) {
  for (int moves = 0; moves < 4; ++moves) {
    Count();
    ASSERT_TRUE(nodes_[running_[0]]->reporter().Seal(ReportKind::kManual).ok());
    Count();
    ASSERT_NO_FATAL_FAILURE(Move());
    StateStore& store = nodes_[running_[0]]->store();
    const Snapshot now = store.Read().value();
    ASSERT_TRUE(now.pending);
    const StateChange change = TakeBackChange(now.state, *now.pending, {"test", false, 1});
    ASSERT_TRUE(store.Apply(change, now.revision).ok());
    ASSERT_NO_FATAL_FAILURE(ExpectExact());
    EXPECT_FALSE(store.Read().value().pending);
  }
  ASSERT_NO_FATAL_FAILURE(Send(Answered(202)));
  for (const char* name : kNames) EXPECT_EQ(reported_[name], counted_[name]) << name;
}

TEST_F(FailedMoveTest, AMachineThatMissedAYesIsToldToLearnOfItFirst) {
  ASSERT_NO_FATAL_FAILURE(Move());
  StopAll();
  Join(0);
  Join(1);
  ASSERT_TRUE(nodes_[1]->reporter().Grant(kAda, {"/product/internals/jdk"}, nullptr).empty());
  StopAll();
  const MoveOrder order = OrderFor(*nodes_[0], database_);
  const Result<Moved> refused = MoveToFolder(order);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("candor preview"), std::string::npos);
  Join(0);
  StopAll();
  EXPECT_TRUE(MoveToFolder(order).ok());
}

// Both directions as functions, by hand.
TEST(TurnIntoNodesTest, OnlyWhatWasNotReportedEntersTheSum) {
  const std::string one(32, '1'), two(32, '2'), three(32, '3');
  WholeState whole;
  whole.state.baselines = {{one, {{"a", 10}}}, {two, {{"a", 5}, {"b", 2}}}};
  const std::vector<NodeRow> settled = TurnIntoNodes(whole, three);
  ASSERT_EQ(settled.size(), 3u);
  EXPECT_EQ(settled[0].counts[0].dropped, 10u);
  EXPECT_EQ(settled[2].epoch, three);
  EXPECT_TRUE(settled[2].counts.empty());
  EXPECT_EQ(whole.state.baselines[0].values, (decltype(CounterTotals::values){{"a", 0}, {"b", 0}}));
  WholeState waiting;
  waiting.state.baselines = {{one, {{"a", 10}}}, {two, {{"a", 5}, {"b", 2}}}};
  waiting.state.pending = "id";
  waiting.reports.resize(1);
  waiting.reports[0].id = "id";
  waiting.reports[0].counted_from = {{one, {{"a", 10}}}, {two, {{"a", 1}}}};
  const std::vector<NodeRow> open = TurnIntoNodes(waiting, two);
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(open[1].counts[0].dropped, 1u);
  EXPECT_EQ(waiting.state.baselines[0].values,
            (decltype(CounterTotals::values){{"a", 4}, {"b", 2}}));
  EXPECT_TRUE(waiting.reports[0].counted_from.empty());
}

}  // namespace
}  // namespace candor
