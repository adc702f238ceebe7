#include "native/admin/accounts/session_rows.h"

#include <algorithm>

#include "core/text.h"
#include "native/admin/accounts/password_rules.h"

namespace candor {
namespace {

// A clock may be set right by so much without anybody being sent away.
constexpr std::int64_t kSlackMs = 60'000;
// Until then a browser is told what became of its session.
constexpr std::int64_t kRememberMs = 2 * kSessionLongestMs;

// How long ago it was at least; nothing when neither clock can tell.
std::optional<std::int64_t> Ago(const Moment& then, const Moment& now) {
  const std::int64_t by_wall = now.wall_ms - then.wall_ms;
  if (!now.boot.empty() && now.boot == then.boot) {
    return std::max(by_wall, now.boot_ms - then.boot_ms);
  }
  if (by_wall < -kSlackMs) return std::nullopt;
  return by_wall;
}

bool IsWithin(const Moment& then, const Moment& now, std::int64_t longest_ms) {
  const std::optional<std::int64_t> ago = Ago(then, now);
  return ago && *ago < longest_ms;
}

}  // namespace

Moment NowOf(Clock& clock) { return {clock.Wall(), clock.BootId(), clock.BootMillis()}; }

std::optional<Error> ReadSession(Database& database, const std::string& id,
                                 std::optional<SessionRow>& row) {
  Statement read(database,
                 "SELECT a.name, a.role, a.generation IS s.generation, s.ended, s.boot,"
                 " s.created_ms, s.created_boot_ms, s.seen_ms, s.seen_boot_ms"
                 " FROM sessions s LEFT JOIN accounts a ON a.folded = s.folded WHERE s.id = ?",
                 "read a session");
  read.Bind(id);
  row.reset();
  if (read.Row()) {
    row.emplace();
    row->user = read.Text(0);
    row->role = RoleNamed(read.Text(1)).value_or(Role::kNone);
    row->is_current = read.Integer(2) != 0;
    row->ended = read.Integer(3) != 0;
    row->created.boot = row->seen.boot = read.Text(4);
    row->created.wall_ms = read.Integer(5);
    row->created.boot_ms = read.Integer(6);
    row->seen.wall_ms = read.Integer(7);
    row->seen.boot_ms = read.Integer(8);
  }
  return read.error();
}

SessionState StateOf(const SessionRow& row, const Moment& now) {
  if (row.ended || !row.is_current || row.role == Role::kNone) return SessionState::kRevoked;
  const bool live =
      IsWithin(row.created, now, kSessionLongestMs) && IsWithin(row.seen, now, kSessionIdleMs);
  return live ? SessionState::kLive : SessionState::kExpired;
}

std::optional<Error> InsertSession(Database& database, const std::string& id,
                                   const Account& account, const Moment& now) {
  const std::string folded = FoldedName(account.name);
  return Statement(database, "INSERT INTO sessions VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0)",
                   "begin a session")
      .Bind(id)
      .Bind(folded)
      .Bind(account.generation)
      .Bind(now.wall_ms)
      .Bind(now.wall_ms)
      .Bind(now.boot)
      .Bind(now.boot_ms)
      .Bind(now.boot_ms)
      .Run();
}

std::optional<Error> NoteUse(Database& database, const std::string& id, const Moment& now) {
  // After a restart of the machine its clock counts from another beginning.
  return Statement(database,
                   "UPDATE sessions SET seen_ms = ?1, seen_boot_ms = ?2,"
                   " created_boot_ms = iif(boot = ?3, created_boot_ms, ?2 - (?1 - created_ms)),"
                   " boot = ?3 WHERE id = ?4",
                   "note the use of a session")
      .Bind(now.wall_ms)
      .Bind(now.boot_ms)
      .Bind(now.boot)
      .Bind(id)
      .Run();
}

std::optional<Error> EndSession(Database& database, const std::string& id) {
  return Statement(database, "UPDATE sessions SET ended = 1 WHERE id = ?", "end a session")
      .Bind(id)
      .Run();
}

std::optional<Error> MakeRoom(Database& database, const std::string& name) {
  const std::string folded = FoldedName(name);
  if (auto error = Statement(database,
                             "UPDATE sessions SET ended = 1 WHERE id IN (SELECT id FROM sessions"
                             " WHERE folded = ? AND ended = 0 ORDER BY seen_ms DESC, rowid DESC"
                             " LIMIT -1 OFFSET ?)",
                             "end old sessions")
                       .Bind(folded)
                       .Bind(Sessions::kMostOfAccount - 1)
                       .Run()) {
    return error;
  }
  return Statement(database,
                   "UPDATE sessions SET ended = 1 WHERE id IN (SELECT id FROM sessions"
                   " WHERE ended = 0 ORDER BY seen_ms DESC, rowid DESC LIMIT -1 OFFSET ?)",
                   "end old sessions")
      .Bind(Sessions::kMostOfAll - 1)
      .Run();
}

std::optional<Error> ForgetOld(Database& database, UnixMillis now) {
  // Of those that ended only so many are remembered: whoever signs in and out all day long must not
  // fill the disk.
  if (auto error = Statement(database,
                             "DELETE FROM sessions WHERE ended = 1 AND id IN (SELECT id FROM"
                             " sessions WHERE ended = 1 ORDER BY seen_ms DESC LIMIT -1 OFFSET ?)",
                             "forget old sessions")
                       .Bind(Sessions::kMostOfAll)
                       .Run()) {
    return error;
  }
  return Statement(database, "DELETE FROM sessions WHERE created_ms < ? OR created_ms > ?",
                   "forget old sessions")
      .Bind(now - kRememberMs)
      .Bind(now + kRememberMs)
      .Run();
}

std::optional<Error> EndSessionsOf(const AdminTables& tables, UnixMillis now,
                                   const std::string& name, const Doer& actor,
                                   const std::string& kept) {
  const std::string folded = FoldedName(name);
  Statement end(tables.database,
                "UPDATE sessions SET ended = 1 WHERE folded = ? AND ended = 0 AND id <> ?"
                " RETURNING id",
                "end sessions");
  end.Bind(folded).Bind(kept);
  std::int64_t count = 0;
  while (end.Row()) ++count;
  if (auto error = end.error()) return error;
  if (count == 0) return std::nullopt;
  return AppendAudit(
      tables, now, {"ended", actor, NoteJson({{"name", name}, {"sessions", Decimal(count)}}), {}});
}

std::optional<Error> CarryOver(const AdminTables& tables, const std::string& id,
                               const Account& before, std::int64_t generation) {
  if (id.empty()) return std::nullopt;
  const std::string folded = FoldedName(before.name);
  return Statement(tables.database,
                   "UPDATE sessions SET generation = ? WHERE id = ? AND folded = ? AND"
                   " generation = ? AND ended = 0",
                   "keep a session")
      .Bind(generation)
      .Bind(id)
      .Bind(folded)
      .Bind(before.generation)
      .Run();
}

}  // namespace candor
