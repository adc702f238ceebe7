#include "native/state/sqlite_reports.h"

#include <algorithm>
#include <utility>

#include "core/sha256.h"
#include "native/state/row_sum.h"

namespace candor {
namespace {

// All columns but the sum; of `bytes` only whether there are any, as the record has their digest.
struct ReportRow {
  std::int64_t number = 0;
  std::string id;
  bool settled = false;
  bool has_bytes = false;
  std::string record;
};

std::string SumOf(const ReportRow& row) {
  return RowSum("reports", {std::to_string(row.number), row.id, row.settled ? "settled" : "open",
                            row.has_bytes ? "bytes" : "none", row.record});
}

// The record, for a row that is whole.
Result<SealedReport> ReportOf(const ReportRow& row, std::string_view sum,
                              const Database& database) {
  if (sum != SumOf(row)) return DamagedRow(database, "report " + row.id);
  Result<SealedReport> report = ParseReportRecord(row.record);
  if (!report.ok() || report.value().id != row.id) return DamagedRow(database, "report " + row.id);
  return report;
}

ReportRow RowOf(std::int64_t number, const SealedReport& report, bool has_bytes) {
  return {number, report.id, IsSettled(report.fate), has_bytes, WriteReportRecord(report)};
}

}  // namespace

Result<std::vector<std::int64_t>> ReportNumbers(Database& database) {
  std::vector<std::int64_t> numbers;
  Statement up(database, "SELECT number FROM reports ORDER BY number", "list the reports");
  while (up.Row()) numbers.push_back(up.Integer(0));
  if (!up.error()) return numbers;
  if (up.error()->code != ErrorCode::kCorrupt) return *up.error();
  // From the other end, to what lies behind the damage.
  const std::vector<std::int64_t> before = numbers;
  Statement down(database, "SELECT number FROM reports ORDER BY number DESC", "list the reports");
  while (down.Row()) {
    const std::int64_t number = down.Integer(0);
    if (std::find(before.begin(), before.end(), number) == before.end()) numbers.push_back(number);
  }
  if (down.error() && down.error()->code != ErrorCode::kCorrupt) return *down.error();
  return numbers;
}

Result<KeptReport> ReadReportAt(Database& database, std::int64_t number,
                                KeptReport* without_bytes) {
  Statement select(database, "SELECT id, settled, record, bytes, sum FROM reports WHERE number = ?",
                   "read a report");
  select.Bind(number);
  if (!select.Row()) {
    if (select.error()) return *select.error();
    return DamagedRow(database, "a report");
  }
  const ReportRow row{number, select.Text(0), select.Integer(1) != 0, !select.IsNull(3),
                      select.Text(2)};
  std::string bytes = select.Text(3);
  const std::string sum = select.Text(4);
  if (select.error()) return *select.error();
  Result<SealedReport> report = ReportOf(row, sum, database);
  if (!report.ok()) return report.problems();
  KeptReport stored{number, row.has_bytes, std::move(report).value()};
  if (row.has_bytes && Sha256Hex(bytes) != stored.report.digest) {
    if (without_bytes != nullptr) *without_bytes = {number, false, std::move(stored.report)};
    return DamagedRow(database, "report " + row.id);
  }
  stored.report.bytes = std::move(bytes);
  return stored;
}

Result<std::optional<KeptReport>> FindReport(Database& database, const std::string& id,
                                             KeptReport* without_bytes) {
  Statement select(database, "SELECT number FROM reports WHERE id = ?", "find a report");
  select.Bind(id);
  if (!select.Row()) {
    if (select.error()) return *select.error();
    return std::optional<KeptReport>();
  }
  Result<KeptReport> stored = ReadReportAt(database, select.Integer(0), without_bytes);
  if (!stored.ok()) return stored.problems();
  if (stored.value().report.id != id) return DamagedRow(database, "the index of the reports");
  return std::optional<KeptReport>(std::move(stored).value());
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
    Result<SealedReport> report = ReportOf(row, sum, database);
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
    Result<std::optional<KeptReport>> found = FindReport(database, id);
    if (found.ok() && found.value()) {
      KeptReport stored = *std::move(found).value();
      // Only of use for dissolving, and large: records are kept for years.
      if (IsSettled(stored.report.fate)) stored.report.counted_from.clear();
      if (auto error = UpdateRecord(database, stored.number, stored.report, Bytes::kDrop)) {
        return error;
      }
    } else if (!found.ok() && found.error().code != ErrorCode::kCorrupt) {
      return found.error();
    } else if (when_damaged == WhenDamaged::kDelete) {
      if (auto error = RemoveReport(database, id)) return error;
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

std::optional<Error> RemoveReport(Database& database, const std::string& id) {
  Statement remove(database, "DELETE FROM reports WHERE id = ?", "remove a damaged report");
  return remove.Bind(id).Run();
}

}  // namespace candor
