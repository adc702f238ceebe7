#include "native/state/sqlite_check.h"

#include <string>
#include <utility>
#include <vector>

#include "native/state/sqlite_journal.h"
#include "native/state/sqlite_reports.h"
#include "native/state/sqlite_rows.h"

namespace candor {
namespace {

Error Damaged(const Database& database, std::string what) {
  return Error{ErrorCode::kCorrupt, "", std::move(what), {}, database.path()};
}

// The check tells a page that could not be read just then like a damaged one: so it has a second
// say. A page that can never be read is met again when the healthy parts are taken out.
std::optional<Error> CheckStructure(Database& database) {
  std::string said;
  for (int tries = 0; tries < 2; ++tries) {
    Statement check(database, "PRAGMA integrity_check(1)", "check the state");
    said = check.Row() ? check.Text(0) : "nothing";
    if (check.error()) return check.error();
    if (said == "ok") return std::nullopt;
  }
  return Damaged(database, "the database is damaged: " + said);
}

std::optional<Error> CheckState(Database& database, const StateRow& row, const Mark& mark) {
  const Result<StateRow> copy = ReadStateFrom(database, kStateTables[1]);
  if (!copy.ok()) return copy.error();
  if (copy.value().revision != row.revision || copy.value().document != row.document) {
    return Damaged(database, "the state and its copy differ");
  }
  if (row.revision < mark.revision) {
    return Damaged(database, "the last changes of the state are missing");
  }
  const Result<State> state = ParseStoredState(row.document);
  if (!state.ok()) return Damaged(database, "the state cannot be read");
  if (state.value().pending.empty()) return std::nullopt;
  const auto pending = FindReport(database, state.value().pending);
  if (!pending.ok()) return pending.error();
  if (!pending.value() || !pending.value()->has_bytes) {
    return Damaged(database, "the pending report is missing");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> CheckDatabase(Database& database, const std::optional<Mark>& mark) {
  Transaction transaction(database, Transaction::Kind::kRead);
  if (transaction.error()) return transaction.error();
  if (auto error = CheckStructure(database)) return error;
  if (database.IsReadOnly()) return Damaged(database, "the first page forbids to write");
  const Result<StateRow> row = ReadStateFrom(database, kStateTables[0]);
  if (!row.ok()) return row.error();
  if (auto error = CheckState(database, row.value(), mark.value_or(Mark()))) return error;

  JournalHead head;
  const auto whole = ForEachLinked(database, [&](JournalEntry entry) {
    head = {entry.seq, std::move(entry.hash)};
  });
  if (!whole.ok()) return whole.error();
  if (!whole.value() || head != row.value().head) {
    return Damaged(database, "the journal's chain is broken");
  }
  const Result<std::vector<std::int64_t>> numbers = ReportNumbers(database);
  if (!numbers.ok()) return numbers.error();
  for (const std::int64_t number : numbers.value()) {
    const auto report = ReadReportAt(database, number);
    if (!report.ok()) return report.error();
  }
  const Result<std::string> facts = ReadFactsRow(database);
  if (!facts.ok()) return facts.error();
  return std::nullopt;
}

}  // namespace candor
