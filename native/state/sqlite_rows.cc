#include "native/state/sqlite_rows.h"

#include <utility>

#include "native/state/row_sum.h"

namespace candor {
namespace {

std::string SumOf(std::string_view table, const StateRow& row) {
  return RowSum(table, {std::to_string(row.revision), std::to_string(row.head.seq), row.head.hash,
                        row.document});
}

std::string FactsSum(std::string_view document) { return RowSum("facts", {document}); }

}  // namespace

Result<StateRow> ReadStateFrom(Database& database, std::string_view table) {
  const std::string sql =
      "SELECT revision, seq, head, document, sum FROM " + std::string(table) + " WHERE id = 1";
  Statement select(database, sql, "read the state");
  StateRow row;
  std::string sum;
  const bool found = select.Row();
  if (found) {
    row = {select.Integer(0), {select.Integer(1), select.Text(2)}, select.Text(3)};
    sum = select.Text(4);
  }
  if (select.error()) return *select.error();
  if (!found || sum != SumOf(table, row)) return DamagedRow(database, std::string(table));
  return row;
}

Result<StateRow> ReadState(Database& database) {
  Result<StateRow> row = ReadStateFrom(database, kStateTables[0]);
  if (row.ok() || row.error().code != ErrorCode::kCorrupt) return row;
  return ReadStateFrom(database, kStateTables[1]);
}

std::optional<Error> WriteState(Database& database, const StateRow& row) {
  for (const std::string_view table : kStateTables) {
    const std::string sql = "INSERT OR REPLACE INTO " + std::string(table) +
                            "(id, revision, seq, head, document, sum) VALUES(1, ?, ?, ?, ?, ?)";
    const std::string sum = SumOf(table, row);
    Statement insert(database, sql, "write the state");
    insert.Bind(row.revision).Bind(row.head.seq).Bind(row.head.hash).Bind(row.document).Bind(sum);
    if (auto error = insert.Run()) return error;
  }
  return std::nullopt;
}

Result<std::string> ReadFactsRow(Database& database) {
  Statement select(database, "SELECT document, sum FROM facts WHERE id = 1", "read the facts");
  if (!select.Row()) {
    if (select.error()) return *select.error();
    return std::string();
  }
  std::string document = select.Text(0);
  const std::string sum = select.Text(1);
  if (select.error()) return *select.error();
  if (sum != FactsSum(document)) return DamagedRow(database, "what is remembered of the facts");
  return document;
}

std::optional<Error> WriteFactsRow(Database& database, const std::string& document) {
  if (document.empty()) return database.Run("DELETE FROM facts", "forget the facts");
  const std::string sum = FactsSum(document);
  Statement insert(database, "INSERT OR REPLACE INTO facts(id, document, sum) VALUES(1, ?, ?)",
                   "remember the facts");
  return insert.Bind(document).Bind(sum).Run();
}

}  // namespace candor
