#include "native/state/postgres_store.h"

#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "native/base/random.h"
#include "native/state/fork_watch.h"
#include "native/state/postgres_change.h"
#include "native/state/postgres_connection.h"
#include "native/state/postgres_counts.h"
#include "native/state/postgres_schema.h"

namespace candor {
namespace {

class PostgresStore : public StateStore, public NodeCounts, private ForkWatch {
 public:
  explicit PostgresStore(std::string conninfo)
      : conninfo_(std::move(conninfo)), node_(NewUuid(SystemRandom())) {
    Watch();
  }
  ~PostgresStore() override {
    Unwatch();
    LeaveParent();
  }

  Result<Snapshot> Read() override;
  Result<std::int64_t> Apply(const StateChange& change, std::int64_t revision) override;
  Result<std::string> ReadFacts() override {
    return Use<std::string>([](auto& connection) { return ReadPostgresFacts(connection); });
  }
  Result<std::unique_ptr<SenderLock>> TryLockSender(std::int64_t hold_ms) override;
  Result<std::vector<SealedReport>> ListReports(std::size_t most) override {
    return Use<std::vector<SealedReport>>(
        [&](auto& connection) { return ListPostgresReports(connection, most); });
  }
  Result<SealedReport> ReadReport(const std::string& id) override {
    return Use<SealedReport>([&](auto& connection) { return ReadPostgresReport(connection, id); });
  }
  Result<std::vector<JournalEntry>> ReadJournal(std::int64_t after, std::size_t most) override {
    return Use<std::vector<JournalEntry>>(
        [&](auto& connection) { return ReadPostgresJournal(connection, after, most); });
  }
  NodeCounts* node_counts() override { return this; }
  Result<std::optional<std::int64_t>> SeenConsent(const std::string& epoch) override {
    return Use<std::optional<std::int64_t>>(
        [&](auto& connection) { return ReadSeenConsent(connection, epoch); });
  }
  Result<CounterTotals> Share(const CounterTotals& mine, const Sharing& how) override {
    return Use<CounterTotals>([&](auto& connection) { return ShareCounts(connection, mine, how); });
  }
  void Hurry(std::int64_t grace_ms) noexcept override { patience_.Hurry(grace_ms); }
  int change_descriptor() override;
  void DrainChanges() override;
  std::string set_aside() const override { return {}; }

 private:
  class Lock;

  // Runs `work` on a connection, and lets go of one that broke meanwhile.
  template <typename T, typename Work>
  Result<T> Use(const Work& work) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (auto error = BeReady()) return std::move(*error);
    Result<T> result = work(*connection_);
    if (connection_->is_broken()) connection_.reset();
    return result;
  }

  std::optional<Error> BeReady();
  void LeaveParent();
  void AfterForkInChild() noexcept override;
  void Release(std::int64_t fence);

  const std::string conninfo_;
  Patience patience_;
  std::string node_;
  std::mutex mutex_;
  bool is_child_ = false;  // `connection_` is the parent's.
  std::unique_ptr<PostgresConnection> connection_;
  std::optional<Lease> lease_;  // While somebody holds the lock, and it was not lost.
};

class PostgresStore::Lock : public SenderLock {
 public:
  Lock(PostgresStore& store, std::int64_t fence) : store_(store), fence_(fence) {}
  ~Lock() override { store_.Release(fence_); }

 private:
  PostgresStore& store_;
  const std::int64_t fence_;
};

std::optional<Error> PostgresStore::BeReady() {
  LeaveParent();
  if (connection_ && connection_->is_broken()) connection_.reset();
  if (connection_) return std::nullopt;
  Result<std::unique_ptr<PostgresConnection>> opened =
      PostgresConnection::Open(conninfo_, patience_);
  if (!opened.ok()) return opened.error();
  std::unique_ptr<PostgresConnection> connection = std::move(opened).value();
  if (auto error = PreparePostgres(*connection)) return error;
  if (auto error = connection->RunAll(std::string("LISTEN ") + kPostgresChannel, "listen")) {
    return error;
  }
  connection_ = std::move(connection);
  return std::nullopt;
}

void PostgresStore::LeaveParent() {
  if (!std::exchange(is_child_, false)) return;
  PostgresConnection::Leave(std::move(connection_));
  lease_.reset();
  node_ = NewUuid(SystemRandom());
}

void PostgresStore::AfterForkInChild() noexcept {
  is_child_ = true;
  // The thread that may hold it does not exist here.
  new (&mutex_) std::mutex;
}

Result<Snapshot> PostgresStore::Read() {
  return Use<Snapshot>([&](PostgresConnection& connection) -> Result<Snapshot> {
    Result<PostgresAnswer> answer = ReadPostgres(connection);
    if (answer.ok() && answer.value().pending_is_damaged) {
      const Result<bool> given_up =
          GiveUpDamaged(connection, answer.value().snapshot.wall.value_or(0));
      if (!given_up.ok()) return given_up.problems();
      answer = ReadPostgres(connection);
    }
    if (!answer.ok()) return std::move(answer).problems();
    return std::move(answer).value().snapshot;
  });
}

Result<std::int64_t> PostgresStore::Apply(const StateChange& change, std::int64_t revision) {
  return Use<std::int64_t>([&](PostgresConnection& connection) {
    Result<std::int64_t> applied = ApplyPostgres(connection, change, revision, lease_);
    // What happened under a lost lease has happened: whoever looks again may write it down.
    if (!applied.ok() && applied.error().code == ErrorCode::kConflict) lease_.reset();
    if (applied.ok() && change.wipe_reports) {
      // As far as this role may; the next one is the database's own.
      static_cast<void>(connection.RunAll("VACUUM candor_reports", "vacuum"));
    }
    return applied;
  });
}

Result<std::unique_ptr<SenderLock>> PostgresStore::TryLockSender(std::int64_t hold_ms) {
  using Locked = std::unique_ptr<SenderLock>;
  return Use<Locked>([&](PostgresConnection& connection) -> Result<Locked> {
    const Result<PostgresRows> rows = connection.Run(
        "UPDATE candor_sender SET holder = $1, fence = fence + 1,"
        " until = clock_timestamp() + $2 * interval '1 millisecond'"
        " WHERE until <= clock_timestamp() RETURNING fence",
        {node_, hold_ms}, "see who sends");
    if (!rows.ok()) return rows.problems();
    if (rows.value().size() != 1) return Locked();
    lease_ = Lease{node_, rows.value().Integer(0, 0)};
    return Locked(std::make_unique<Lock>(*this, lease_->fence));
  });
}

void PostgresStore::Release(std::int64_t fence) {
  static_cast<void>(Use<bool>([&](PostgresConnection& connection) -> Result<bool> {
    lease_.reset();
    const Result<PostgresRows> rows = connection.Run(
        "UPDATE candor_sender SET until = '-infinity' WHERE holder = $1 AND fence = $2",
        {node_, fence}, "let others send");
    if (!rows.ok()) return rows.problems();
    return true;
  }));
}

int PostgresStore::change_descriptor() {
  const std::lock_guard<std::mutex> lock(mutex_);
  LeaveParent();
  return connection_ ? connection_->descriptor() : -1;
}

void PostgresStore::DrainChanges() {
  const std::lock_guard<std::mutex> lock(mutex_);
  LeaveParent();
  if (!connection_) return;
  static_cast<void>(connection_->TakeNotifications());
  if (connection_->is_broken()) connection_.reset();
}

}  // namespace

Result<std::unique_ptr<StateStore>> OpenPostgresStore(const std::string& conninfo) {
  if (auto error = CheckConninfo(conninfo)) return std::move(*error);
  return std::unique_ptr<StateStore>(std::make_unique<PostgresStore>(conninfo));
}

}  // namespace candor
