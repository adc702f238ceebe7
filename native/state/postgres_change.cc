#include "native/state/postgres_change.h"

#include <utility>

#include "core/sha256.h"
#include "native/state/change.h"
#include "native/state/postgres_counts.h"
#include "native/state/postgres_schema.h"
#include "native/state/recovery.h"
#include "native/state/sqlite_store.h"

namespace candor {
namespace {

constexpr char kPlace[] = "the state database";

Error Damaged(std::string what) {
  return Error{ErrorCode::kCorrupt, "", std::move(what) + " is damaged", {}, kPlace};
}

struct Current {
  std::int64_t revision = 0;
  JournalHead head;
  std::string document;
};

// The state's row, locked until the end of the transaction.
Result<Current> Lock(PostgresConnection& connection) {
  const Result<PostgresRows> rows =
      connection.Run("SELECT revision, seq, head, document, moved_to FROM candor_state FOR UPDATE",
                     {}, "change the state");
  if (!rows.ok()) return rows.error();
  if (rows.value().size() != 1) return Damaged("the state");
  const PostgresRows& row = rows.value();
  if (auto error = CheckNotMoved(row.Text(0, 4))) return std::move(*error);
  return Current{row.Integer(0, 0), {row.Integer(0, 1), row.Text(0, 2)}, row.Text(0, 3)};
}

std::optional<Error> CheckLease(PostgresConnection& connection, const Lease& lease) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT 1 FROM candor_sender WHERE holder = $1 AND fence = $2 AND until > clock_timestamp()"
      " FOR SHARE",
      {lease.holder, lease.fence}, "see who sends");
  if (!rows.ok()) return rows.error();
  if (rows.value().size() == 1) return std::nullopt;
  return Error{ErrorCode::kConflict, "", "another node sends by now", {}, kPlace};
}

std::optional<Error> Insert(PostgresConnection& connection, const SealedReport& report,
                            const std::string& record) {
  if (report.bytes.empty()) {
    return Error{ErrorCode::kCorrupt, "/report", "a new report needs its bytes", {}, kPlace};
  }
  const Result<PostgresRows> put = connection.Run(
      "INSERT INTO candor_reports(number, id, settled, digest, record, bytes)"
      " SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5 FROM candor_reports",
      {report.id, IsSettled(report.fate) ? "true" : "false", report.digest, record,
       PostgresValue::Bytes(report.bytes)},
      "write a report");
  if (!put.ok()) return put.error();
  return std::nullopt;
}

std::optional<Error> PutReport(PostgresConnection& connection, const SealedReport& report,
                               const std::string& record) {
  const Result<PostgresRows> found = connection.Run(
      "SELECT digest FROM candor_reports WHERE id = $1", {report.id}, "find a report");
  if (!found.ok()) return found.error();
  if (found.value().size() == 0) return Insert(connection, report, record);
  if (found.value().Text(0, 0) != report.digest) {
    return Error{
        ErrorCode::kCorrupt, "/report/digest", "the bytes of a report never change", {}, kPlace};
  }
  const Result<PostgresRows> put = connection.Run(
      "UPDATE candor_reports SET settled = $2, record = $3 WHERE id = $1",
      {report.id, IsSettled(report.fate) ? "true" : "false", record}, "write a report");
  if (!put.ok()) return put.error();
  return std::nullopt;
}

std::optional<Error> DropOldBytes(PostgresConnection& connection) {
  const Result<PostgresRows> dropped = connection.Run(
      "UPDATE candor_reports SET bytes = NULL WHERE number IN (SELECT number FROM ("
      " SELECT number, row_number() OVER newest AS place, sum(length(bytes)) OVER newest AS total"
      "  FROM candor_reports WHERE settled AND bytes IS NOT NULL"
      "  WINDOW newest AS (ORDER BY number DESC)) AS old WHERE place > $1 OR total > $2)",
      {static_cast<std::int64_t>(kKeptReports), static_cast<std::int64_t>(kKeptReportBytes)},
      "let go of old reports");
  if (!dropped.ok()) return dropped.error();
  return std::nullopt;
}

// The record of row `row`; kCorrupt when it cannot be read.
Result<SealedReport> RecordAt(const PostgresRows& rows, int row, int column) {
  Result<SealedReport> report = ParseReportRecord(rows.Text(row, column));
  if (!report.ok()) return Damaged("a report");
  return report;
}

// With the bytes in `column`, where there are any.
Result<SealedReport> ReportAt(const PostgresRows& rows, int row, int record, int bytes) {
  Result<SealedReport> report = RecordAt(rows, row, record);
  if (!report.ok() || rows.IsNull(row, bytes)) return report;
  SealedReport whole = std::move(report).value();
  whole.bytes = rows.Bytes(row, bytes);
  if (Sha256Hex(whole.bytes) != whole.digest) return Damaged("report " + whole.id);
  return whole;
}

}  // namespace

std::optional<Error> AppendPostgres(PostgresConnection& connection,
                                    const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    const Result<PostgresRows> put = connection.Run(
        "INSERT INTO candor_journal(seq, at_ms, kind, body, hash) VALUES($1, $2, $3, $4, $5)",
        {entry.seq, entry.at_ms, entry.kind, entry.body, entry.hash}, "write the journal");
    if (!put.ok()) return put.error();
  }
  return std::nullopt;
}

std::optional<Error> WritePostgresState(PostgresConnection& connection, std::int64_t revision,
                                        const JournalHead& head, const std::string& document,
                                        const State& state) {
  const Result<PostgresRows> put = connection.Run(
      "UPDATE candor_state SET revision = $1, seq = $2, head = $3, consent_seq = $4, pending = $5,"
      " document = $6",
      {revision, head.seq, head.hash, state.consent_seq, state.pending, document},
      "change the state");
  if (!put.ok()) return put.error();
  return connection.RunAll(std::string("NOTIFY ") + kPostgresChannel, "tell of the change");
}

Result<PostgresAnswer> ReadPostgres(PostgresConnection& connection) {
  const Result<PostgresRows> read = connection.Run(
      "SELECT revision, document, pending, record, bytes,"
      " floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, moved_to"
      " FROM candor_state LEFT JOIN candor_reports ON candor_reports.id = pending",
      {}, "read the state");
  if (!read.ok()) return read.problems();
  const PostgresRows& rows = read.value();
  if (rows.size() != 1) return Damaged("the state");
  if (auto error = CheckNotMoved(rows.Text(0, 6))) return std::move(*error);
  Result<State> state = ParseStoredState(rows.Text(0, 1));
  if (!state.ok()) return Damaged("the state");
  PostgresAnswer answer;
  answer.snapshot.state = std::move(state).value();
  answer.snapshot.revision = rows.Integer(0, 0);
  answer.snapshot.wall = rows.Integer(0, 5);
  if (answer.snapshot.state.pending.empty()) return answer;
  if (!rows.IsNull(0, 3) && !rows.IsNull(0, 4)) {
    Result<SealedReport> pending = ReportAt(rows, 0, 3, 4);
    if (pending.ok()) {
      answer.snapshot.pending = std::move(pending).value();
      return answer;
    }
  }
  answer.pending_is_damaged = true;
  return answer;
}

Result<std::int64_t> ApplyPostgres(PostgresConnection& connection, const StateChange& change,
                                   std::int64_t revision, const std::optional<Lease>& lease) {
  PostgresTransaction transaction(connection);
  if (transaction.error()) return *transaction.error();
  const Result<Current> current = Lock(connection);
  if (!current.ok()) return current.problems();
  if (current.value().revision != revision) {
    return Error{ErrorCode::kConflict, "", "the state has moved on meanwhile", {}, kPlace};
  }
  if (lease) {
    if (auto error = CheckLease(connection, *lease)) return std::move(*error);
  }
  if (change.shared) {
    const Result<CounterTotals> sum = ReadSum(connection);
    if (!sum.ok()) return sum.problems();
    if (sum.value() != *change.shared) {
      return Error{ErrorCode::kConflict, "", "a node has shared more counts meanwhile", {}, kPlace};
    }
  }
  const Result<PreparedChange> prepared = Prepare(change, current.value().head);
  if (!prepared.ok()) return prepared.problems();
  const PreparedChange& ready = prepared.value();
  const Result<State> state = ParseStoredState(ready.document);
  if (!state.ok()) return state.problems();
  std::optional<Error> error = AppendPostgres(connection, ready.entries);
  if (!error && ready.report) error = PutReport(connection, *ready.report, ready.record);
  if (!error && ready.report) error = DropOldBytes(connection);
  if (!error && change.wipe_reports) {
    error = connection.RunAll("UPDATE candor_reports SET bytes = NULL WHERE bytes IS NOT NULL",
                              "wipe the reports");
  }
  if (!error && change.facts) {
    const Result<PostgresRows> put =
        connection.Run("UPDATE candor_state SET facts = $1", {*change.facts}, "remember the facts");
    if (!put.ok()) error = put.error();
  }
  if (!error) {
    error = WritePostgresState(connection, revision + 1, ready.head, ready.document, state.value());
  }
  if (!error) error = transaction.Commit();
  if (error) return std::move(*error);
  return revision + 1;
}

Result<bool> GiveUpDamaged(PostgresConnection& connection, UnixMillis at) {
  PostgresTransaction transaction(connection);
  if (transaction.error()) return *transaction.error();
  const Result<Current> current = Lock(connection);
  if (!current.ok()) return current.problems();
  const Result<PostgresAnswer> again = ReadPostgres(connection);
  if (!again.ok()) return again.problems();
  if (!again.value().pending_is_damaged) return false;
  State state = again.value().snapshot.state;
  const std::string id = state.pending;
  const Result<PostgresRows> rows =
      connection.Run("SELECT record FROM candor_reports WHERE id = $1", {id}, "read a report");
  if (!rows.ok()) return rows.problems();
  std::optional<SealedReport> record;
  if (rows.value().size() == 1) {
    Result<SealedReport> left = RecordAt(rows.value(), 0, 0);
    if (left.ok()) record = std::move(left).value();
  }
  GiveUpPending(state, record ? &*record : nullptr, at);
  const JournalHead& head = current.value().head;
  const Result<JournalEntry> entry =
      NextEntry(head.seq, head.hash, at, "recovered",
                RecoveredBody("a pending report was damaged", "", {"report " + id}));
  if (!entry.ok()) return entry.problems();
  std::optional<Error> error = AppendPostgres(connection, {entry.value()});
  if (!error) {
    const Result<PostgresRows> put = connection.Run(
        "UPDATE candor_reports SET settled = true, bytes = NULL, record = coalesce($2, record)"
        " WHERE id = $1",
        {id, record ? PostgresValue(WriteReportRecord(*record)) : PostgresValue::Null()},
        "write a report");
    if (!put.ok()) error = put.error();
  }
  if (!error) {
    error =
        WritePostgresState(connection, current.value().revision + 1,
                           {entry.value().seq, entry.value().hash}, WriteStoredState(state), state);
  }
  if (!error) error = transaction.Commit();
  if (error) return std::move(*error);
  return true;
}

Result<std::string> ReadPostgresFacts(PostgresConnection& connection) {
  const Result<PostgresRows> rows =
      connection.Run("SELECT facts FROM candor_state", {}, "read the facts");
  if (!rows.ok()) return rows.problems();
  return rows.value().size() == 1 ? rows.value().Text(0, 0) : std::string();
}

Result<std::vector<SealedReport>> ListPostgresReports(PostgresConnection& connection,
                                                      std::size_t most) {
  const Result<PostgresRows> rows =
      connection.Run("SELECT record FROM candor_reports ORDER BY number DESC LIMIT $1",
                     {static_cast<std::int64_t>(most)}, "list the reports");
  if (!rows.ok()) return rows.problems();
  std::vector<SealedReport> reports;
  for (int row = 0; row < rows.value().size(); ++row) {
    Result<SealedReport> report = RecordAt(rows.value(), row, 0);
    if (!report.ok()) return report.problems();
    reports.push_back(std::move(report).value());
  }
  return reports;
}

Result<SealedReport> ReadPostgresReport(PostgresConnection& connection, const std::string& id) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT record, bytes FROM candor_reports WHERE id = $1", {id}, "read a report");
  if (!rows.ok()) return rows.problems();
  if (rows.value().size() == 1) return ReportAt(rows.value(), 0, 0, 1);
  return Error{ErrorCode::kNotFound, "", "there is no report " + id, {}, kPlace};
}

Result<std::vector<JournalEntry>> ReadPostgresJournal(PostgresConnection& connection,
                                                      std::int64_t after, std::size_t most) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT seq, at_ms, kind, body, hash FROM candor_journal WHERE seq > $1 ORDER BY seq"
      " LIMIT $2",
      {after, static_cast<std::int64_t>(most)}, "read the journal");
  if (!rows.ok()) return rows.problems();
  std::vector<JournalEntry> entries;
  for (int row = 0; row < rows.value().size(); ++row) {
    const PostgresRows& of = rows.value();
    entries.push_back({of.Integer(row, 0), of.Integer(row, 1), of.Text(row, 2), of.Text(row, 3),
                       of.Text(row, 4)});
  }
  return entries;
}

}  // namespace candor
