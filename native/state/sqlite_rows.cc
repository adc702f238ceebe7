#include "native/state/sqlite_rows.h"

#include <initializer_list>
#include <utility>

#include "core/sha256.h"

namespace candor {
namespace {

// Lengths keep bytes from moving between columns under the same sum, the table's name from moving
// between tables.
std::string Sum(std::string_view table, std::initializer_list<std::string_view> columns) {
  Sha256Sink hash;
  hash.Write(table);
  for (const std::string_view column : columns) {
    hash.Write("\n");
    hash.Write(std::to_string(column.size()));
    hash.Write("\n");
    hash.Write(column);
  }
  return hash.FinishHex();
}

std::string SumOf(std::string_view table, const StateRow& row) {
  return Sum(table, {std::to_string(row.revision), std::to_string(row.head.seq), row.head.hash,
                     row.document});
}

std::string SumOf(const ReportRow& row) {
  return Sum("reports", {std::to_string(row.number), row.id, row.settled ? "settled" : "open",
                         row.has_bytes ? "bytes" : "none", row.record});
}

std::string FactsSum(std::string_view document) { return Sum("facts", {document}); }

Error Damaged(const std::string& path, std::string what) {
  return Error{ErrorCode::kCorrupt, "", std::move(what) + " is damaged", {}, path};
}

bool IsSettled(const SealedReport& report) {
  return report.fate != Fate::kSealed && report.fate != Fate::kAttempted;
}

ReportRow RowOf(std::int64_t number, const SealedReport& report, bool has_bytes) {
  return {number, report.id, IsSettled(report), has_bytes, WriteReportRecord(report)};
}

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
  if (!found || sum != SumOf(table, row)) return Damaged(database.path(), std::string(table));
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

Result<SealedReport> ReportOf(const ReportRow& row, std::string_view sum, const std::string& path) {
  if (sum != SumOf(row)) return Damaged(path, "report " + row.id);
  Result<SealedReport> report = ParseReportRecord(row.record);
  if (!report.ok() || report.value().id != row.id) return Damaged(path, "report " + row.id);
  return report;
}

Result<std::optional<StoredReport>> FindReport(Database& database, const std::string& id) {
  Statement select(database, "SELECT number, settled, record, bytes, sum FROM reports WHERE id = ?",
                   "read a report");
  select.Bind(id);
  if (!select.Row()) {
    if (select.error()) return *select.error();
    return std::optional<StoredReport>();
  }
  const ReportRow row{select.Integer(0), id, select.Integer(1) != 0, !select.IsNull(3),
                      select.Text(2)};
  std::string bytes = select.Text(3);
  const std::string sum = select.Text(4);
  if (select.error()) return *select.error();
  Result<SealedReport> report = ReportOf(row, sum, database.path());
  if (!report.ok()) return report.problems();
  StoredReport stored{row.number, row.has_bytes, std::move(report).value()};
  if (row.has_bytes && Sha256Hex(bytes) != stored.report.digest) {
    return Damaged(database.path(), "report " + id);
  }
  stored.report.bytes = std::move(bytes);
  return std::optional<StoredReport>(std::move(stored));
}

Result<std::vector<SealedReport>> ReadReports(Database& database, std::size_t most) {
  Statement select(database,
                   "SELECT number, id, settled, record, bytes IS NOT NULL, sum FROM reports"
                   " ORDER BY number DESC LIMIT ?",
                   "list the reports");
  select.Bind(static_cast<std::int64_t>(most));
  std::vector<SealedReport> reports;
  while (select.Row()) {
    const ReportRow row{select.Integer(0), select.Text(1), select.Integer(2) != 0,
                        select.Integer(4) != 0, select.Text(3)};
    const std::string sum = select.Text(5);
    if (select.error()) break;
    Result<SealedReport> report = ReportOf(row, sum, database.path());
    if (!report.ok()) return report.problems();
    reports.push_back(std::move(report).value());
  }
  if (select.error()) return *select.error();
  return reports;
}

std::optional<Error> WriteReport(Database& database, std::int64_t number,
                                 const SealedReport& report) {
  const bool has_bytes = !report.bytes.empty();
  const ReportRow row = RowOf(number, report, has_bytes);
  const std::string sum = SumOf(row);
  Statement insert(database,
                   "INSERT OR REPLACE INTO reports(number, id, settled, record, bytes, sum)"
                   " VALUES(?, ?, ?, ?, ?, ?)",
                   "write a report");
  insert.Bind(number).Bind(row.id).Bind(row.settled ? 1 : 0).Bind(row.record);
  if (has_bytes) {
    insert.BindBlob(report.bytes);
  } else {
    insert.BindNull();
  }
  return insert.Bind(sum).Run();
}

std::optional<Error> InsertReport(Database& database, const SealedReport& report) {
  std::int64_t number = 0;
  {
    Statement last(database, "SELECT coalesce(max(number), 0) FROM reports", "number a report");
    if (last.Row()) number = last.Integer(0) + 1;
    if (last.error()) return last.error();
  }
  return WriteReport(database, number, report);
}

std::optional<Error> UpdateRecord(Database& database, std::int64_t number,
                                  const SealedReport& report, Bytes bytes) {
  // Whether there are any to keep is for the row itself to say.
  Statement has(database, "SELECT bytes IS NOT NULL FROM reports WHERE number = ?",
                "write a report");
  has.Bind(number);
  const bool has_bytes = has.Row() && has.Integer(0) != 0 && bytes == Bytes::kKeep;
  if (has.error()) return has.error();
  const ReportRow row = RowOf(number, report, has_bytes);
  const std::string sum = SumOf(row);
  const std::string_view sql =
      has_bytes ? "UPDATE reports SET settled = ?, record = ?, sum = ? WHERE number = ?"
                : "UPDATE reports SET settled = ?, record = ?, sum = ?, bytes = NULL"
                  " WHERE number = ?";
  Statement update(database, sql, "write a report");
  update.Bind(row.settled ? 1 : 0).Bind(row.record).Bind(sum).Bind(number);
  return update.Run();
}

namespace {

enum class WhenDamaged { kLeave, kDelete };

// Takes the bytes from the rows that `ids` lists.
std::optional<Error> DropBytes(Database& database, Statement& ids, WhenDamaged when_damaged) {
  std::vector<std::string> listed;
  while (ids.Row()) listed.push_back(ids.Text(0));
  if (ids.error()) return ids.error();
  for (const std::string& id : listed) {
    Result<std::optional<StoredReport>> found = FindReport(database, id);
    if (found.ok() && found.value()) {
      StoredReport stored = *std::move(found).value();
      // Only of use for dissolving, and large: records are kept for years.
      if (IsSettled(stored.report)) stored.report.counted_from.clear();
      if (auto error = UpdateRecord(database, stored.number, stored.report, Bytes::kDrop)) {
        return error;
      }
    } else if (!found.ok() && found.error().code != ErrorCode::kCorrupt) {
      return found.error();
    } else if (when_damaged == WhenDamaged::kDelete) {
      Statement remove(database, "DELETE FROM reports WHERE id = ?", "wipe a damaged report");
      if (auto error = remove.Bind(id).Run()) return error;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> DropOldBytes(Database& database, std::size_t most, std::size_t most_bytes) {
  Statement ids(database,
                "SELECT id FROM ("
                " SELECT id, row_number() OVER newest AS place,"
                "  sum(length(bytes)) OVER newest AS total FROM reports"
                "  WHERE settled = 1 AND bytes IS NOT NULL WINDOW newest AS (ORDER BY number DESC))"
                " WHERE place > ? OR total > ?",
                "let go of old reports");
  ids.Bind(static_cast<std::int64_t>(most)).Bind(static_cast<std::int64_t>(most_bytes));
  return DropBytes(database, ids, WhenDamaged::kLeave);
}

std::optional<Error> DropAllBytes(Database& database) {
  Statement ids(database, "SELECT id FROM reports WHERE bytes IS NOT NULL", "wipe the reports");
  return DropBytes(database, ids, WhenDamaged::kDelete);
}

Result<std::vector<JournalEntry>> ReadEntries(Database& database, std::int64_t after,
                                              std::size_t most) {
  Statement select(database,
                   "SELECT seq, at_ms, kind, body, hash FROM journal WHERE seq > ?"
                   " ORDER BY seq LIMIT ?",
                   "read the journal");
  select.Bind(after).Bind(static_cast<std::int64_t>(most));
  std::vector<JournalEntry> entries;
  while (select.Row()) {
    entries.push_back(
        {select.Integer(0), select.Integer(1), select.Text(2), select.Text(3), select.Text(4)});
  }
  if (select.error()) return *select.error();
  return entries;
}

Result<JournalHead> ReadHead(Database& database) {
  std::int64_t last = 0;
  {
    Statement select(database, "SELECT coalesce(max(seq), 0) FROM journal", "read the journal");
    if (select.Row()) last = select.Integer(0);
    if (select.error()) return *select.error();
  }
  if (last == 0) return JournalHead();
  const Result<std::vector<JournalEntry>> read = ReadEntries(database, last - 2, 3);
  if (!read.ok()) return read.problems();
  const std::vector<JournalEntry>& entries = read.value();
  const JournalEntry* before = entries.size() > 1 ? &entries[entries.size() - 2] : nullptr;
  if (entries.empty() || !IsLinked(before, entries.back())) {
    return Damaged(database.path(), "the journal");
  }
  return JournalHead{last, entries.back().hash};
}

std::optional<Error> AppendEntries(Database& database, const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    Statement insert(database,
                     "INSERT INTO journal(seq, at_ms, kind, body, hash) VALUES(?, ?, ?, ?, ?)",
                     "write the journal");
    insert.Bind(entry.seq).Bind(entry.at_ms).Bind(entry.kind).Bind(entry.body).Bind(entry.hash);
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
  if (sum != FactsSum(document)) return Damaged(database.path(), "what is remembered of the facts");
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
