#include "native/state/database_end.h"

#include <utility>

#include "native/state/postgres_change.h"
#include "native/state/postgres_counts.h"
#include "native/state/postgres_schema.h"
#include "native/state/postgres_whole.h"

namespace candor {
namespace {

constexpr std::string_view kMove = "move the state";

Error Placed(const std::string& place, ErrorCode code, std::string message) {
  return Error{code, "", std::move(message), {}, place};
}

bool IsYes(const State& state) {
  return state.consent && state.consent->verdict == Verdict::kGranted;
}

}  // namespace

Result<std::unique_ptr<DatabaseEnd>> DatabaseEnd::Open(const std::string& conninfo) {
  if (auto error = CheckConninfo(conninfo)) return std::move(*error);
  std::unique_ptr<DatabaseEnd> end(new DatabaseEnd(conninfo));
  if (auto error = end->Connect()) {
    if (error->message.rfind("cannot connect", 0) == 0) {
      error->message +=
          "; see that the server runs and lets this role in: a password comes from a password file "
          "(passfile=...) or PGPASSWORD";
    }
    return std::move(*error);
  }
  return end;
}

std::optional<Error> DatabaseEnd::Connect() {
  Result<std::unique_ptr<PostgresConnection>> opened =
      PostgresConnection::Open(conninfo_, patience_);
  if (!opened.ok()) return opened.error();
  connection_ = std::move(opened).value();
  if (auto error = PreparePostgresToMove(*connection_)) return error;
  const Result<PostgresRows> names =
      connection_->Run("SELECT current_database(), current_schema()", {}, kMove);
  if (!names.ok()) return names.error();
  place_ = "the database " + names.value().Text(0, 0) + ", schema " + names.value().Text(0, 1) +
           ", at " + connection_->server();
  return std::nullopt;
}

std::optional<Error> DatabaseEnd::BeReady() {
  if (connection_ && !connection_->is_broken()) return std::nullopt;
  connection_.reset();
  return Connect();
}

Result<std::string> DatabaseEnd::MovedTo() {
  if (auto error = BeReady()) return std::move(*error);
  const Result<PostgresRows> rows =
      connection_->Run("SELECT moved_to FROM candor_state", {}, kMove);
  if (!rows.ok()) return rows.problems();
  return rows.value().size() == 1 ? rows.value().Text(0, 0) : std::string();
}

Result<Standing> DatabaseEnd::Stand(const JournalHead& other) {
  if (auto error = BeReady()) return std::move(*error);
  PostgresTransaction transaction(*connection_);
  if (transaction.error()) return *transaction.error();
  // A commit that was lost on the way may still be going on: what is read next is from after it.
  const Result<PostgresRows> locked =
      connection_->Run("SELECT 1 FROM candor_state FOR UPDATE", {}, kMove);
  if (!locked.ok()) return locked.problems();
  return StandOfPostgres(*connection_, other);
}

std::optional<Error> DatabaseEnd::Write(const WholeState& whole,
                                        const std::vector<NodeRow>& nodes) {
  if (auto error = BeReady()) return error;
  return WritePostgresWhole(*connection_, whole, nodes);
}

std::optional<Error> DatabaseEnd::Leave(const std::string& to, const CounterTotals& mine,
                                        bool force) {
  if (auto error = BeReady()) return error;
  const std::string leaving = kLeaving + to;
  const Result<std::string> before = MovedTo();
  if (!before.ok()) return before.error();
  if (before.value().empty()) {
    // It gives a damaged pending report up.
    const Result<PostgresAnswer> answer = ReadPostgres(*connection_);
    if (!answer.ok()) return answer.error();
    if (answer.value().pending_is_damaged) {
      const Result<bool> given_up =
          GiveUpDamaged(*connection_, answer.value().snapshot.wall.value_or(0));
      if (!given_up.ok()) return given_up.error();
    }
  }
  PostgresTransaction transaction(*connection_);
  if (transaction.error()) return transaction.error();
  const Result<PostgresRows> locked =
      connection_->Run("SELECT moved_to FROM candor_state FOR UPDATE", {}, kMove);
  if (!locked.ok()) return locked.error();
  const std::string moved_to =
      locked.value().size() == 1 ? locked.value().Text(0, 0) : std::string();
  if (moved_to == leaving) return std::nullopt;
  const bool elsewhere = moved_to.rfind(kLeaving, 0) == 0 && force;
  std::optional<Error> error = elsewhere ? std::nullopt : CheckNotMoved(moved_to);
  if (!error && !elsewhere && !force) error = CheckUnused();
  if (!error && !elsewhere) error = TakeLastCounts(mine);
  if (!error) error = SetMovedTo(moved_to, leaving);
  return error ? error : transaction.Commit();
}

std::optional<Error> DatabaseEnd::CheckUnused() {
  const Result<PostgresRows> rows = connection_->Run(
      "SELECT (SELECT count(*) FROM candor_nodes"
      "  WHERE shared_at > clock_timestamp() - interval '2 minutes'),"
      " (SELECT count(*) FROM candor_sender WHERE until > clock_timestamp())",
      {}, kMove);
  if (!rows.ok()) return rows.error();
  const std::int64_t nodes = rows.value().Integer(0, 0), senders = rows.value().Integer(0, 1);
  if (nodes == 0 && senders == 0) return std::nullopt;
  return Placed(place_, ErrorCode::kConflict,
                "is in use: " + std::to_string(nodes) +
                    " nodes shared their counts in the last 2 minutes" +
                    (senders == 0 ? "" : ", and one is sending") +
                    "; stop them all, and call this again 2 minutes later, or with --force when "
                    "they are known to have ended");
}

// The file becomes unknown at once: what is added to it from now on (state_move.cc) must never
// enter this sum, should the move fail and the node go on here.
std::optional<Error> DatabaseEnd::TakeLastCounts(const CounterTotals& mine) {
  const Result<std::optional<std::int64_t>> seen = ReadSeenConsent(*connection_, mine.epoch);
  if (!seen.ok()) return seen.error();
  if (!seen.value()) return std::nullopt;
  const Result<PostgresAnswer> answer = ReadPostgres(*connection_);
  if (!answer.ok()) return answer.error();
  const State& state = answer.value().snapshot.state;
  Sharing how;
  how.seen_seq = seen.value();
  how.consent_seq = state.consent_seq;
  if (*how.seen_seq != how.consent_seq && IsYes(state)) {
    return Placed(place_, ErrorCode::kConflict,
                  "holds a decision that this machine's counts do not know yet: let them know by "
                  "`candor preview` with --state-database and this --state-folder, and call this "
                  "again");
  }
  // Nobody agreed, and a later yes would not cover it.
  if (*how.seen_seq != how.consent_seq) how.drops = [](std::string_view) { return true; };
  if (auto error = PutCounts(*connection_, mine, how)) return error;
  return ForgetNode(*connection_, mine.epoch);
}

Result<WholeState> DatabaseEnd::Read() {
  if (auto error = BeReady()) return std::move(*error);
  return ReadPostgresWhole(*connection_);
}

Result<CounterTotals> DatabaseEnd::Sum() {
  if (auto error = BeReady()) return std::move(*error);
  return ReadSum(*connection_);
}

std::optional<Error> DatabaseEnd::SetMovedTo(const std::string& from, const std::string& to) {
  const Result<PostgresRows> put = connection_->Run(
      "UPDATE candor_state SET moved_to = $2 WHERE moved_to = $1", {from, to}, kMove);
  if (!put.ok()) return put.error();
  if (put.value().changed() != 1) {
    return Placed(place_, ErrorCode::kConflict, "was changed meanwhile: call this again");
  }
  // Whoever is connected looks, and meets it.
  return connection_->RunAll(std::string("NOTIFY ") + kPostgresChannel, "tell of the change");
}

std::optional<Error> DatabaseEnd::HasArrived(const std::string& to) {
  if (auto error = BeReady()) return error;
  return SetMovedTo(kLeaving + to, to);
}

std::optional<Error> DatabaseEnd::Stays(const std::string& to) {
  if (auto error = BeReady()) return error;
  return SetMovedTo(kLeaving + to, "");
}

}  // namespace candor
