#include "native/state/sqlite_store.h"

#include <atomic>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "native/state/fork_watch.h"
#include "native/state/set_aside.h"
#include "native/state/sqlite_change.h"
#include "native/state/sqlite_folder.h"
#include "native/state/sqlite_journal.h"
#include "native/state/sqlite_reports.h"
#include "native/state/sqlite_rows.h"
#include "native/state/state_folder.h"
#include "native/state/state_mark.h"

namespace candor {
namespace {

class SqliteStore : public StateStore, private ForkWatch {
 public:
  SqliteStore(std::string folder, Clock& clock) : folder_(std::move(folder)), clock_(clock) {
    Watch();
  }
  ~SqliteStore() override {
    Unwatch();
    LeaveParent();
  }

  // Before anything else, once.
  std::optional<Problems> Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return OpenLocked();
  }

  Result<Snapshot> Read() override;
  Result<std::int64_t> Apply(const StateChange& change, std::int64_t revision) override;
  Result<std::string> ReadFacts() override {
    return Use<std::string>([](Database& database) { return ReadFactsRow(database); });
  }
  Result<std::unique_ptr<SenderLock>> TryLockSender(std::int64_t hold_ms) override;
  Result<std::vector<SealedReport>> ListReports(std::size_t most) override {
    return Use<std::vector<SealedReport>>(
        [&](Database& database) { return ReadReports(database, most); });
  }
  Result<SealedReport> ReadReport(const std::string& id) override;
  Result<std::vector<JournalEntry>> ReadJournal(std::int64_t after, std::size_t most) override {
    return Use<std::vector<JournalEntry>>(
        [&](Database& database) { return ReadEntries(database, after, most); });
  }
  int change_descriptor() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    // Not before somebody asks: ending one takes the kernel some ten milliseconds.
    if (is_child_) LeaveParent();
    if (!watch_ && open_) watch_.emplace(open_->folder);
    return watch_ ? watch_->descriptor() : -1;
  }
  void DrainChanges() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (watch_ && !is_child_) watch_->Drain();
  }
  std::string set_aside() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return set_aside_;
  }

 private:
  // Runs `work` on a database that is open, and lets go of one that is in doubt afterwards.
  template <typename T, typename Work>
  Result<T> Use(const Work& work) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const InUse in_use(in_use_);
    if (auto problems = BeReady()) return std::move(*problems);
    Result<T> result = work(*open_->database);
    if (open_->database->in_doubt()) open_.reset();
    return result;
  }

  // What a fork finds set was in the middle of something.
  class InUse {
   public:
    explicit InUse(std::atomic<bool>& flag) : flag_(flag) { flag_ = true; }
    ~InUse() { flag_ = false; }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

   private:
    std::atomic<bool>& flag_;
  };

  std::optional<Problems> BeReady();
  std::optional<Problems> OpenLocked();
  void EmptyLog();
  void LeaveParent();
  void AfterForkInChild() noexcept override;

  const std::string folder_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::atomic<bool> in_use_ = false;
  bool is_child_ = false;       // `open_` and `watch_` are the parent's.
  bool forked_in_use_ = false;  // And may be half-way through something.
  bool log_holds_wiped_ = false;
  std::optional<OpenFolder> open_;
  std::optional<MarkWatch> watch_;
  std::string set_aside_;
};

std::optional<Problems> SqliteStore::BeReady() {
  if (is_child_) LeaveParent();
  if (forked_in_use_) {
    Problems problems;
    problems.Add({ErrorCode::kUnavailable,
                  "",
                  "this process was forked in the middle of a change of the state, and cannot use "
                  "it; a program that it starts can",
                  {},
                  folder_});
    return problems;
  }
  if (open_ && open_->database->IsGone()) open_.reset();
  if (!open_) {
    if (auto problems = OpenLocked()) return problems;
  }
  if (log_holds_wiped_) EmptyLog();
  return std::nullopt;
}

std::optional<Problems> SqliteStore::OpenLocked() {
  const InUse in_use(in_use_);
  Result<OpenFolder> opened = OpenStateFolder(folder_, clock_);
  if (!opened.ok()) return std::move(opened).problems();
  open_ = std::move(opened).value();
  if (!open_->set_aside.empty()) set_aside_ = open_->set_aside;
  return std::nullopt;
}

void SqliteStore::EmptyLog() { log_holds_wiped_ = !open_->database->EmptyLog(); }

void SqliteStore::AfterForkInChild() noexcept {
  is_child_ = true;
  forked_in_use_ = forked_in_use_ || in_use_;
  // The thread that may hold it does not exist here.
  new (&mutex_) std::mutex;
}

// SQLite keeps its view of a file's locks for the whole process, and a child has that view without
// having the locks: a connection opened beside the inherited one would believe it holds them, and
// the parent would delete the log under it. So the inherited one is closed, which drops the view
// and touches neither the files nor the parent's locks. In the middle of something not even that is
// safe, and it stays.
void SqliteStore::LeaveParent() {
  if (!is_child_) return;
  is_child_ = false;
  watch_.reset();
  if (!open_) return;
  if (forked_in_use_) {
    static_cast<void>(open_->database.release());
    return;
  }
  open_->database->KeepFiles();
  open_.reset();
}

Result<Snapshot> SqliteStore::Read() {
  return Use<Snapshot>([&](Database& database) -> Result<Snapshot> {
    Result<ReadAnswer> answer = ReadSnapshot(database);
    if (answer.ok() && answer.value().pending_is_damaged) {
      const Result<std::optional<Mark>> dropped = DropPending(database, clock_.Wall());
      if (!dropped.ok()) return dropped.problems();
      if (dropped.value()) WriteMark(open_->folder, *dropped.value());
      answer = ReadSnapshot(database);
    }
    if (!answer.ok()) return std::move(answer).problems();
    if (!answer.value().pending_is_damaged) return std::move(answer).value().snapshot;
    return Error{ErrorCode::kCorrupt, "", "the pending report is damaged", {}, database.path()};
  });
}

Result<std::int64_t> SqliteStore::Apply(const StateChange& change, std::int64_t revision) {
  return Use<std::int64_t>([&](Database& database) -> Result<std::int64_t> {
    const Result<Mark> mark = ApplyChange(database, change, revision);
    if (!mark.ok()) return mark.problems();
    if (change.wipe_reports || (change.facts && change.facts->empty())) {
      EmptyLog();
      if (change.wipe_reports) {
        RemoveDamaged(open_->folder);
        RemoveHistory(open_->folder);
      }
    }
    WriteMark(open_->folder, mark.value());
    return mark.value().revision;
  });
}

Result<SealedReport> SqliteStore::ReadReport(const std::string& id) {
  return Use<SealedReport>([&](Database& database) -> Result<SealedReport> {
    Result<std::optional<KeptReport>> found = FindReport(database, id);
    if (!found.ok()) return found.problems();
    if (found.value()) return std::move(std::move(found).value()->report);
    return Error{ErrorCode::kNotFound, "", "there is no report " + id, {}, database.path()};
  });
}

Result<std::unique_ptr<SenderLock>> SqliteStore::TryLockSender(std::int64_t /*hold_ms*/) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const InUse in_use(in_use_);
  if (auto problems = BeReady()) return std::move(*problems);
  Result<std::unique_ptr<StateLock>> file = StateLock::Open(open_->folder);
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
  return Error{ErrorCode::kUnavailable, "", "the sender's lock cannot be taken", {}, folder_};
}

}  // namespace

Result<std::unique_ptr<StateStore>> OpenSqliteStore(const std::string& folder, Clock& clock) {
  auto store = std::make_unique<SqliteStore>(folder, clock);
  if (auto problems = store->Open()) return std::move(*problems);
  return std::unique_ptr<StateStore>(std::move(store));
}

}  // namespace candor
