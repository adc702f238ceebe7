#include "native/state/sqlite_store.h"

#include <mutex>
#include <optional>
#include <utility>

#include "native/state/change.h"
#include "native/state/sqlite_folder.h"
#include "native/state/sqlite_rows.h"

namespace candor {
namespace {

class SqliteStore : public StateStore {
 public:
  SqliteStore(std::string folder, Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

  std::optional<Problems> Open() {
    Result<OpenFolder> opened = OpenStateFolder(folder_, clock_);
    if (!opened.ok()) return std::move(opened).problems();
    open_ = std::move(opened).value();
    if (!open_->set_aside.empty()) set_aside_ = open_->set_aside;
    return std::nullopt;
  }

  Result<Snapshot> Read() override {
    return Use<Snapshot>([&](Database& database) { return ReadSnapshot(database); });
  }
  Result<std::int64_t> Apply(const StateChange& change, std::int64_t revision) override {
    return Use<std::int64_t>(
        [&](Database& database) { return ApplyTo(database, change, revision); });
  }
  Result<std::string> ReadFacts() override {
    return Use<std::string>([&](Database& database) { return ReadFactsRow(database); });
  }
  Result<std::unique_ptr<SenderLock>> TryLockSender() override;
  Result<std::vector<SealedReport>> ListReports(std::size_t most) override {
    return Use<std::vector<SealedReport>>(
        [&](Database& database) { return ReadReports(database, most); });
  }
  Result<SealedReport> ReadReport(const std::string& id) override;
  Result<std::vector<JournalEntry>> ReadJournal(std::int64_t after, std::size_t most) override {
    return Use<std::vector<JournalEntry>>(
        [&](Database& database) { return ReadEntries(database, after, most); });
  }
  int change_descriptor() override { return -1; }
  void DrainChanges() override {}
  std::string set_aside() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return set_aside_;
  }

 private:
  // Runs `work` on a database that is open, and lets go of one that is in doubt afterwards.
  template <typename T, typename Work>
  Result<T> Use(const Work& work) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (open_ && open_->database->IsGone()) open_.reset();
    if (!open_) {
      if (auto problems = Open()) return std::move(*problems);
    }
    Result<T> result = work(*open_->database);
    if (open_->database->in_doubt()) open_.reset();
    return result;
  }

  Result<Snapshot> ReadSnapshot(Database& database);
  Result<std::int64_t> ApplyTo(Database& database, const StateChange& change,
                               std::int64_t revision);

  const std::string folder_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<OpenFolder> open_;
  std::string set_aside_;
};

std::optional<Error> PutReport(Database& database, const SealedReport& report) {
  const Result<std::optional<StoredReport>> found = FindReport(database, report.id);
  if (!found.ok()) return found.error();
  if (!found.value()) {
    if (!report.bytes.empty()) return InsertReport(database, report);
    return Error{
        ErrorCode::kCorrupt, "/report", "a new report needs its bytes", {}, database.path()};
  }
  const StoredReport& stored = *found.value();
  if (stored.report.digest != report.digest) {
    return Error{ErrorCode::kCorrupt,
                 "/report/digest",
                 "the bytes of a report never change",
                 {},
                 database.path()};
  }
  return UpdateRecord(database, stored.number, report, Bytes::kKeep);
}

Result<Snapshot> SqliteStore::ReadSnapshot(Database& database) {
  Transaction transaction(database, Transaction::Kind::kRead);
  if (transaction.error()) return *transaction.error();
  Result<StateRow> row = ReadState(database);
  if (!row.ok()) return row.problems();
  Result<State> state = ParseStoredState(row.value().document);
  if (!state.ok()) return state.problems();
  Snapshot snapshot;
  snapshot.state = std::move(state).value();
  snapshot.revision = row.value().revision;
  if (snapshot.state.pending.empty()) return snapshot;
  Result<std::optional<StoredReport>> pending = FindReport(database, snapshot.state.pending);
  if (!pending.ok()) return pending.problems();
  if (pending.value()) snapshot.pending = std::move(pending).value()->report;
  return snapshot;
}

Result<std::int64_t> SqliteStore::ApplyTo(Database& database, const StateChange& change,
                                          std::int64_t revision) {
  Transaction transaction(database, Transaction::Kind::kWrite);
  if (transaction.error()) return *transaction.error();
  Result<StateRow> row = ReadState(database);
  if (!row.ok()) return row.problems();
  if (row.value().revision != revision) {
    return Error{ErrorCode::kConflict, "", "the state has moved on meanwhile", {}, database.path()};
  }
  const Result<JournalHead> head = ReadHead(database);
  if (!head.ok()) return head.problems();
  if (head.value() != row.value().head) {
    return Error{
        ErrorCode::kCorrupt, "", "the journal is not the one of the state", {}, database.path()};
  }
  const Result<PreparedChange> prepared = Prepare(change, head.value());
  if (!prepared.ok()) return prepared.problems();
  const PreparedChange& ready = prepared.value();
  std::optional<Error> error = AppendEntries(database, ready.entries);
  if (!error && ready.report) error = PutReport(database, *ready.report);
  if (!error && change.wipe_reports) error = DropAllBytes(database);
  if (!error) error = DropOldBytes(database, kKeptReports, kKeptReportBytes);
  if (!error && change.facts) error = WriteFactsRow(database, *change.facts);
  if (!error) error = WriteState(database, {revision + 1, ready.head, ready.document});
  if (!error) error = transaction.Commit();
  if (error) return std::move(*error);
  return revision + 1;
}

Result<SealedReport> SqliteStore::ReadReport(const std::string& id) {
  return Use<SealedReport>([&](Database& database) -> Result<SealedReport> {
    Result<std::optional<StoredReport>> found = FindReport(database, id);
    if (!found.ok()) return found.problems();
    if (found.value()) return std::move(found).value()->report;
    return Error{ErrorCode::kNotFound, "", "there is no report " + id, {}, database.path()};
  });
}

Result<std::unique_ptr<SenderLock>> SqliteStore::TryLockSender() {
  std::string folder;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!open_) {
      if (auto problems = Open()) return std::move(*problems);
    }
    folder = open_->folder;
  }
  Result<std::unique_ptr<StateLock>> file = StateLock::Open(folder);
  if (!file.ok()) return file.problems();
  std::unique_ptr<StateLock> lock = std::move(file).value();
  switch (lock->Try(StateLock::Place::kSender, StateLock::How::kAlone)) {
    case StateLock::Answer::kMine:
      return std::unique_ptr<SenderLock>(std::move(lock));
    case StateLock::Answer::kTaken:
      return std::unique_ptr<SenderLock>();
    case StateLock::Answer::kFailed:
      break;
  }
  return Error{ErrorCode::kUnavailable, "", "the sender's lock cannot be taken", {}, folder};
}

}  // namespace

Result<std::unique_ptr<StateStore>> OpenSqliteStore(const std::string& folder, Clock& clock) {
  auto store = std::make_unique<SqliteStore>(folder, clock);
  if (auto problems = store->Open()) return std::move(*problems);
  return std::unique_ptr<StateStore>(std::move(store));
}

}  // namespace candor
