#include "native/state/postgres_whole.h"

#include <algorithm>
#include <utility>

#include "core/sha256.h"
#include "native/state/postgres_change.h"
#include "native/state/postgres_counts.h"
#include "native/state/postgres_schema.h"

namespace candor {
namespace {

constexpr char kPlace[] = "the state database";
constexpr std::size_t kPage = 1000;

Error Damaged(std::string what) {
  return Error{ErrorCode::kCorrupt, "", std::move(what) + " is damaged", {}, kPlace};
}

std::optional<Error> ReadJournal(PostgresConnection& connection, WholeState& whole) {
  for (;;) {
    const std::int64_t after = whole.journal.empty() ? 0 : whole.journal.back().seq;
    Result<std::vector<JournalEntry>> page = ReadPostgresJournal(connection, after, kPage);
    if (!page.ok()) return page.error();
    if (page.value().empty()) return std::nullopt;
    for (JournalEntry& entry : std::move(page).value()) whole.journal.push_back(std::move(entry));
  }
}

Result<SealedReport> ReadReport(PostgresConnection& connection, std::int64_t number) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT record, bytes FROM candor_reports WHERE number = $1", {number}, "read a report");
  if (!rows.ok()) return rows.problems();
  if (rows.value().size() != 1) return Damaged("a report");
  Result<SealedReport> record = ParseReportRecord(rows.value().Text(0, 0));
  if (!record.ok()) return Damaged("a report");
  SealedReport report = std::move(record).value();
  if (rows.value().IsNull(0, 1)) return report;
  report.bytes = rows.value().Bytes(0, 1);
  if (Sha256Hex(report.bytes) != report.digest) report.bytes.clear();
  return report;
}

std::optional<Error> ReadReports(PostgresConnection& connection, WholeState& whole) {
  const Result<PostgresRows> numbers =
      connection.Run("SELECT number FROM candor_reports ORDER BY number", {}, "list the reports");
  if (!numbers.ok()) return numbers.error();
  for (int row = 0; row < numbers.value().size(); ++row) {
    Result<SealedReport> report = ReadReport(connection, numbers.value().Integer(row, 0));
    if (!report.ok()) return report.error();
    whole.reports.push_back(std::move(report).value());
  }
  return std::nullopt;
}

std::optional<Error> WriteReports(PostgresConnection& connection,
                                  const std::vector<SealedReport>& reports) {
  std::int64_t number = 0;
  for (const SealedReport& report : reports) {
    const bool settled = IsSettled(report.fate);
    const std::string record = WriteReportRecord(report);
    const Result<PostgresRows> put = connection.Run(
        "INSERT INTO candor_reports(number, id, settled, digest, record, bytes)"
        " VALUES($1, $2, $3, $4, $5, $6)",
        {++number, report.id, settled ? "true" : "false", report.digest, record,
         report.bytes.empty() ? PostgresValue::Null() : PostgresValue::Bytes(report.bytes)},
        "write a report");
    if (!put.ok()) return put.error();
  }
  return std::nullopt;
}

}  // namespace

Result<WholeState> ReadPostgresWhole(PostgresConnection& connection) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT revision, seq, head, document, facts FROM candor_state", {}, "read the state");
  if (!rows.ok()) return rows.problems();
  if (rows.value().size() != 1) return Damaged("the state");
  const PostgresRows& row = rows.value();
  Result<State> state = ParseStoredState(row.Text(0, 3));
  if (!state.ok()) return Damaged("the state");
  WholeState whole;
  whole.state = std::move(state).value();
  whole.revision = row.Integer(0, 0);
  whole.head = {row.Integer(0, 1), row.Text(0, 2)};
  whole.facts = row.Text(0, 4);
  if (auto error = ReadJournal(connection, whole)) return std::move(*error);
  if (auto error = ReadReports(connection, whole)) return std::move(*error);
  if (auto error = CheckWhole(whole, kPlace)) return std::move(*error);
  return whole;
}

std::optional<Error> WritePostgresWhole(PostgresConnection& connection, const WholeState& whole,
                                        const std::vector<NodeRow>& nodes) {
  PostgresTransaction transaction(connection);
  if (transaction.error()) return transaction.error();
  const Result<PostgresRows> row = connection.Run(
      "SELECT revision, moved_to FROM candor_state FOR UPDATE", {}, "change the state");
  if (!row.ok()) return row.error();
  if (row.value().size() != 1) return Damaged("the state");
  if (auto error = CheckNotMoved(row.value().Text(0, 1))) return error;
  const Result<Standing> standing = StandOfPostgres(connection, {});
  if (!standing.ok()) return standing.error();
  if (!standing.value().empty()) {
    return Error{ErrorCode::kConflict, "", "is not empty any more", {}, kPlace};
  }
  const std::int64_t revision = std::max(row.value().Integer(0, 0), whole.revision) + 1;
  std::optional<Error> error = AppendPostgres(connection, whole.journal);
  if (!error) error = WriteReports(connection, whole.reports);
  for (const NodeRow& node : nodes) {
    if (!error) error = WriteNode(connection, node, whole.state.consent_seq);
  }
  if (!error) {
    const Result<PostgresRows> put =
        connection.Run("UPDATE candor_state SET facts = $1", {whole.facts}, "remember the facts");
    if (!put.ok()) error = put.error();
  }
  if (!error) {
    error = WritePostgresState(connection, revision, whole.head, WriteStoredState(whole.state),
                               whole.state);
  }
  return error ? error : transaction.Commit();
}

Result<Standing> StandOfPostgres(PostgresConnection& connection, const JournalHead& other) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT document, seq, (SELECT count(*) FROM candor_reports),"
      " (SELECT count(*) FROM candor_nodes),"
      " EXISTS (SELECT FROM candor_journal WHERE candor_journal.seq = $1 AND hash = $2)"
      " FROM candor_state",
      {other.seq, other.hash}, "see what is there");
  if (!rows.ok()) return rows.problems();
  if (rows.value().size() != 1) return Damaged("the state");
  const Result<State> state = ParseStoredState(rows.value().Text(0, 0));
  if (!state.ok()) return Damaged("the state");
  Standing standing;
  standing.installation = state.value().installation;
  standing.entries = rows.value().Integer(0, 1);
  standing.reports = rows.value().Integer(0, 2);
  standing.nodes = rows.value().Integer(0, 3);
  standing.continues = rows.value().Text(0, 4) == "t";
  return standing;
}

}  // namespace candor
