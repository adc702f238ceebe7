#include "native/state/postgres_schema.h"

#include "native/state/postgres_connection.h"
#include "native/state/state.h"

namespace candor {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr char kPlace[] = "the state database";

// `pending` is the state's, for reading both at once. `moved_to` says where a state has gone, "" as
// long as it is here.
constexpr char kState[] = R"(CREATE TABLE IF NOT EXISTS candor_state(
  id integer PRIMARY KEY CHECK (id = 1), version integer NOT NULL, moved_to text NOT NULL,
  revision bigint NOT NULL, seq bigint NOT NULL, head text NOT NULL, consent_seq bigint NOT NULL,
  pending text NOT NULL, document text NOT NULL, facts text NOT NULL);
)";
constexpr char kJournal[] = R"(CREATE TABLE IF NOT EXISTS candor_journal(
  seq bigint PRIMARY KEY, at_ms bigint NOT NULL, kind text NOT NULL, body text NOT NULL,
  hash text NOT NULL);
)";
// `settled`: its fate is final, so its bytes may go. `bytes` is NULL once they are gone.
constexpr char kReports[] = R"(CREATE TABLE IF NOT EXISTS candor_reports(
  number bigint PRIMARY KEY, id text NOT NULL UNIQUE, settled boolean NOT NULL,
  digest text NOT NULL, record text NOT NULL, bytes bytea);
)";
// One row for every counter file that ever counted for the installation; its counts are the
// differences total - dropped.
constexpr char kNodes[] = R"(CREATE TABLE IF NOT EXISTS candor_nodes(
  epoch text PRIMARY KEY, seen_seq bigint NOT NULL, shared_at timestamptz NOT NULL);
)";
constexpr char kCounts[] = R"(CREATE TABLE IF NOT EXISTS candor_counts(
  epoch text NOT NULL, name text NOT NULL, total numeric(20) NOT NULL,
  dropped numeric(20) NOT NULL, PRIMARY KEY (epoch, name));
)";
// Who may send, until when by the database's clock.
constexpr char kSender[] = R"(CREATE TABLE IF NOT EXISTS candor_sender(
  id integer PRIMARY KEY CHECK (id = 1), holder text NOT NULL, fence bigint NOT NULL,
  until timestamptz NOT NULL);
)";

std::string FirstRows() {
  return "INSERT INTO candor_state VALUES (1, " + std::to_string(kVersion) +
         ", '', 0, 0, '', 0, '', '" + WriteStoredState({}) +
         "', '') ON CONFLICT DO NOTHING;\n"
         "INSERT INTO candor_sender VALUES (1, '', 0, '-infinity') ON CONFLICT DO NOTHING;\n";
}

Error Placed(ErrorCode code, std::string message) {
  return Error{code, "", std::move(message), {}, kPlace};
}

std::optional<Error> Check(PostgresConnection& connection) {
  const Result<PostgresRows> rows =
      connection.Run("SELECT version FROM candor_state", {}, "read the state's version");
  if (!rows.ok()) return rows.error();
  if (rows.value().size() != 1) {
    return Placed(ErrorCode::kNotFound, "has tables without a state in them");
  }
  const std::int64_t version = rows.value().Integer(0, 0);
  if (version > kVersion) {
    return Placed(ErrorCode::kOutOfRange, "was made by a later version of Candor (schema " +
                                              std::to_string(version) + ", this one knows " +
                                              std::to_string(kVersion) + "): use that version");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> CheckNotMoved(const std::string& moved_to) {
  if (moved_to.empty()) return std::nullopt;
  if (moved_to.rfind(kLeaving, 0) == 0) {
    return Placed(ErrorCode::kConflict,
                  "holds a state that is being moved to " + moved_to.substr(sizeof kLeaving - 1) +
                      ": the same `candor state move`, called again there, finishes that");
  }
  return Placed(ErrorCode::kConflict,
                "holds a state that was moved to " + moved_to + ": use it from there");
}

std::string PostgresSchema() {
  return std::string(kState) + kJournal + kReports + kNodes + kCounts + kSender + FirstRows();
}

std::optional<Error> PreparePostgres(PostgresConnection& connection) {
  if (auto error = PreparePostgresToMove(connection)) return error;
  const Result<PostgresRows> rows =
      connection.Run("SELECT moved_to FROM candor_state", {}, "see where the state is");
  if (!rows.ok()) return rows.error();
  return CheckNotMoved(rows.value().size() == 1 ? rows.value().Text(0, 0) : std::string());
}

std::optional<Error> PreparePostgresToMove(PostgresConnection& connection) {
  std::optional<Error> error = Check(connection);
  if (!error || error->code != ErrorCode::kNotFound) return error;
  // One node at a time: CREATE IF NOT EXISTS may fail beside another.
  error = connection.RunAll("BEGIN; SELECT pg_advisory_xact_lock(hashtext('candor_state'));" +
                                PostgresSchema() + "COMMIT",
                            "make the state's tables");
  if (!error) return Check(connection);
  static_cast<void>(connection.RunAll("ROLLBACK", "end a transaction"));
  error->message +=
      "; `candor state schema` prints what makes them, for somebody who may: SELECT, INSERT and "
      "UPDATE on them is all that is needed here";
  return error;
}

}  // namespace candor
