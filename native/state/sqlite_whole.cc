#include "native/state/sqlite_whole.h"

#include <algorithm>
#include <utility>

#include "native/state/sqlite_journal.h"
#include "native/state/sqlite_reports.h"
#include "native/state/sqlite_rows.h"

namespace candor {

Result<WholeState> ReadWhole(Database& database) {
  Transaction transaction(database, Transaction::Kind::kRead);
  if (transaction.error()) return *transaction.error();
  const Result<StateRow> row = ReadState(database);
  if (!row.ok()) return row.problems();
  Result<State> state = ParseStoredState(row.value().document);
  if (!state.ok()) return std::move(state).problems();
  WholeState whole;
  whole.state = std::move(state).value();
  whole.revision = row.value().revision;
  whole.head = row.value().head;
  const Result<bool> linked = ForEachLinked(
      database, [&whole](JournalEntry entry) { whole.journal.push_back(std::move(entry)); });
  if (!linked.ok()) return linked.problems();
  const Result<std::vector<std::int64_t>> numbers = ReportNumbers(database);
  if (!numbers.ok()) return numbers.problems();
  for (const std::int64_t number : numbers.value()) {
    Result<KeptReport> stored = ReadReportAt(database, number);
    if (!stored.ok()) return std::move(stored).problems();
    whole.reports.push_back(std::move(stored).value().report);
  }
  Result<std::string> facts = ReadFactsRow(database);
  if (!facts.ok()) return std::move(facts).problems();
  whole.facts = std::move(facts).value();
  if (auto error = CheckWhole(whole, database.path())) return std::move(*error);
  return whole;
}

Result<Mark> WriteWhole(Database& database, const WholeState& whole) {
  Transaction transaction(database, Transaction::Kind::kWrite);
  if (transaction.error()) return *transaction.error();
  const Result<Standing> standing = StandOf(database, {});
  if (!standing.ok()) return standing.problems();
  if (!standing.value().empty()) {
    return Error{ErrorCode::kConflict, "", "is not empty any more", {}, database.path()};
  }
  const Result<StateRow> row = ReadState(database);
  if (!row.ok()) return row.problems();
  const std::int64_t revision = std::max(row.value().revision, whole.revision) + 1;
  std::optional<Error> error = AppendEntries(database, whole.journal);
  std::int64_t number = 0;
  for (const SealedReport& report : whole.reports) {
    if (!error) error = WriteReport(database, ++number, report);
  }
  if (!error) error = WriteFactsRow(database, whole.facts);
  if (!error) {
    error = WriteState(database, {revision, whole.head, WriteStoredState(whole.state)});
  }
  if (!error) error = transaction.Commit();
  if (error) return std::move(*error);
  return Mark{revision, whole.head};
}

Result<Standing> StandOf(Database& database, const JournalHead& other) {
  const Result<StateRow> row = ReadState(database);
  if (!row.ok()) return row.problems();
  const Result<State> state = ParseStoredState(row.value().document);
  if (!state.ok()) return state.problems();
  const Result<std::vector<std::int64_t>> numbers = ReportNumbers(database);
  if (!numbers.ok()) return numbers.problems();
  Standing standing;
  standing.installation = state.value().installation;
  standing.entries = row.value().head.seq;
  standing.reports = static_cast<std::int64_t>(numbers.value().size());
  if (other.seq == 0) return standing;
  const Result<std::vector<JournalEntry>> entry = ReadEntries(database, other.seq - 1, 1);
  if (!entry.ok()) return entry.problems();
  standing.continues = !entry.value().empty() && entry.value().front().seq == other.seq &&
                       entry.value().front().hash == other.hash;
  return standing;
}

}  // namespace candor
