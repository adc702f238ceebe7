#include "native/state/sqlite_change.h"

#include <utility>

#include "native/state/change.h"
#include "native/state/recovery.h"
#include "native/state/sqlite_journal.h"
#include "native/state/sqlite_reports.h"
#include "native/state/sqlite_rows.h"
#include "native/state/sqlite_store.h"

namespace candor {
namespace {

struct Current {
  std::int64_t revision = 0;
  JournalHead head;
  State state;
};

Result<Current> ReadCurrent(Database& database) {
  const Result<StateRow> row = ReadState(database);
  if (!row.ok()) return row.problems();
  Result<State> state = ParseStoredState(row.value().document);
  if (!state.ok()) {
    return Error{ErrorCode::kCorrupt, "", "the state cannot be read", {}, database.path()};
  }
  return Current{row.value().revision, row.value().head, std::move(state).value()};
}

// The journal must be the one of the state, or an entry would be linked to something else.
std::optional<Error> CheckHead(Database& database, const JournalHead& of_state) {
  const Result<JournalHead> head = ReadHead(database);
  if (!head.ok()) return head.error();
  if (head.value() == of_state) return std::nullopt;
  return Error{
      ErrorCode::kCorrupt, "", "the journal is not the one of the state", {}, database.path()};
}

std::optional<Error> PutReport(Database& database, const SealedReport& report) {
  const Result<std::optional<KeptReport>> found = FindReport(database, report.id);
  if (!found.ok()) return found.error();
  if (!found.value()) {
    if (!report.bytes.empty()) return InsertReport(database, report);
    return Error{
        ErrorCode::kCorrupt, "/report", "a new report needs its bytes", {}, database.path()};
  }
  const KeptReport& stored = *found.value();
  if (stored.report.digest != report.digest) {
    return Error{ErrorCode::kCorrupt,
                 "/report/digest",
                 "the bytes of a report never change",
                 {},
                 database.path()};
  }
  return UpdateRecord(database, stored.number, report, Bytes::kKeep);
}

bool IsUsable(const Result<std::optional<KeptReport>>& pending) {
  return pending.ok() && pending.value() && pending.value()->has_bytes;
}

// `left` is what is whole of the report, with an empty id for nothing.
std::optional<Error> SettleDamaged(Database& database, State& state, KeptReport left,
                                   UnixMillis at) {
  const std::string id = state.pending;
  const bool has_record = !left.report.id.empty();
  GiveUpPending(state, has_record ? &left.report : nullptr, at);
  if (!has_record) return RemoveReport(database, id);
  return UpdateRecord(database, left.number, left.report, Bytes::kDrop);
}

}  // namespace

Result<ReadAnswer> ReadSnapshot(Database& database) {
  Transaction transaction(database, Transaction::Kind::kRead);
  if (transaction.error()) return *transaction.error();
  Result<Current> current = ReadCurrent(database);
  if (!current.ok()) return current.problems();
  ReadAnswer answer;
  answer.snapshot.revision = current.value().revision;
  answer.snapshot.state = std::move(current).value().state;
  const std::string& id = answer.snapshot.state.pending;
  if (id.empty()) return answer;
  Result<std::optional<KeptReport>> pending = FindReport(database, id);
  if (!pending.ok() && pending.error().code != ErrorCode::kCorrupt) return pending.problems();
  answer.pending_is_damaged = !IsUsable(pending);
  if (!answer.pending_is_damaged) {
    answer.snapshot.pending = std::move(std::move(pending).value()->report);
  }
  return answer;
}

Result<Mark> ApplyChange(Database& database, const StateChange& change, std::int64_t revision) {
  Transaction transaction(database, Transaction::Kind::kWrite);
  if (transaction.error()) return *transaction.error();
  const Result<StateRow> row = ReadState(database);
  if (!row.ok()) return row.problems();
  if (row.value().revision != revision) {
    return Error{ErrorCode::kConflict, "", "the state has moved on meanwhile", {}, database.path()};
  }
  if (auto error = CheckHead(database, row.value().head)) return std::move(*error);
  const Result<PreparedChange> prepared = Prepare(change, row.value().head);
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
  return Mark{revision + 1, ready.head};
}

Result<std::optional<Mark>> DropPending(Database& database, UnixMillis at) {
  Transaction transaction(database, Transaction::Kind::kWrite);
  if (transaction.error()) return *transaction.error();
  Result<Current> read = ReadCurrent(database);
  if (!read.ok()) return read.problems();
  Current current = std::move(read).value();
  KeptReport left;
  const std::string id = current.state.pending;
  if (id.empty()) return std::optional<Mark>();
  const Result<std::optional<KeptReport>> found = FindReport(database, id, &left);
  if (!found.ok() && found.error().code != ErrorCode::kCorrupt) return found.problems();
  if (IsUsable(found)) return std::optional<Mark>();
  if (found.ok() && found.value()) left = *found.value();
  if (auto error = CheckHead(database, current.head)) return std::move(*error);

  const Result<JournalEntry> entry =
      NextEntry(current.head.seq, current.head.hash, at, "recovered",
                RecoveredBody("a pending report was damaged", "", {"report " + id}));
  if (!entry.ok()) return entry.problems();
  const Mark mark{current.revision + 1, {entry.value().seq, entry.value().hash}};
  std::optional<Error> error = SettleDamaged(database, current.state, std::move(left), at);
  if (!error) error = AppendEntries(database, {entry.value()});
  if (!error) {
    error = WriteState(database, {mark.revision, mark.head, WriteStoredState(current.state)});
  }
  if (!error) error = transaction.Commit();
  if (error) return std::move(*error);
  return std::optional<Mark>(mark);
}

}  // namespace candor
