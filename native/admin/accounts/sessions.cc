#include "native/admin/accounts/sessions.h"

#include <algorithm>
#include <utility>

#include "core/sha256.h"
#include "native/admin/accounts/account_rows.h"
#include "native/admin/accounts/session_rows.h"
#include "native/base/secrets.h"

namespace candor {
namespace {

constexpr std::size_t kTokenCharacters = 43;

bool IsToken(std::string_view token) {
  return token.size() == kTokenCharacters && std::all_of(token.begin(), token.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

SessionLook LookOf(const std::string& id, const SessionRow& row, const Moment& now) {
  SessionLook look;
  look.state = StateOf(row, now);
  if (look.state != SessionState::kLive) return look;
  look.id = id;
  look.user = row.user;
  look.role = row.role;
  look.ends_ms = row.created.wall_ms + kSessionLongestMs;
  return look;
}

std::optional<Error> CheckUnchanged(Database& database, const Account& account) {
  std::optional<AccountRow> row;
  if (auto error = ReadAccount(database, account.name, row)) return error;
  if (row && row->account.generation == account.generation) return std::nullopt;
  return Error{ErrorCode::kConflict, "/name", "the account was changed just now"};
}

std::optional<Error> NoteSignIn(const AdminTables& tables, const Account& account, UnixMillis now,
                                const Doer& actor) {
  if (auto error = Statement(tables.database, "UPDATE accounts SET last_ms = ? WHERE name = ?",
                             "note a sign-in")
                       .Bind(now)
                       .Bind(account.name)
                       .Run()) {
    return error;
  }
  return AppendAudit(
      tables, now,
      {"signin",
       actor,
       {},
       NoteJson({{"name", account.name}, {"role", Name(account.role)}, {"via", "account"}})});
}

}  // namespace

std::string Sessions::IdOf(std::string_view token) {
  return IsToken(token) ? Sha256Hex(token) : std::string();
}

Result<Sessions::Begun> Sessions::Begin(const Account& account, const std::string& replaced,
                                        const Doer& actor) {
  std::string secret = RandomSecret(random_);
  const Wiped wiped(secret);
  Begun begun;
  begun.token = UrlText(secret);
  const std::string id = IdOf(begun.token);
  const Moment now = NowOf(clock_);
  const auto error = database_.Write([&](const AdminTables& tables) -> std::optional<Error> {
    Database& database = tables.database;
    if (auto failed = CheckUnchanged(database, account)) return failed;
    if (const std::string old = IdOf(replaced); !old.empty()) {
      if (auto failed = EndSession(database, old)) return failed;
    }
    if (auto failed = ForgetOld(database, now.wall_ms)) return failed;
    if (auto failed = MakeRoom(database, account.name)) return failed;
    if (auto failed = InsertSession(database, id, account, now)) return failed;
    return NoteSignIn(tables, account, now.wall_ms, actor);
  });
  if (error) return *error;
  begun.look = {SessionState::kLive, id, account.name, account.role,
                now.wall_ms + kSessionLongestMs};
  return begun;
}

Result<SessionLook> Sessions::Look(const std::string& id) {
  if (id.empty()) return SessionLook();
  std::optional<SessionRow> row;
  const auto error = database_.Read(
      [&](const AdminTables& tables) { return ReadSession(tables.database, id, row); });
  if (error) return *error;
  return row ? LookOf(id, *row, NowOf(clock_)) : SessionLook();
}

Result<SessionLook> Sessions::Find(std::string_view token) {
  const std::string id = IdOf(token);
  if (id.empty()) return SessionLook();
  std::optional<SessionRow> row;
  const auto error = database_.Read(
      [&](const AdminTables& tables) { return ReadSession(tables.database, id, row); });
  if (error) return *error;
  if (!row) return SessionLook();
  const Moment now = NowOf(clock_);
  SessionLook look = LookOf(id, *row, now);
  const std::int64_t noted_ago = now.wall_ms - row->seen.wall_ms;
  const bool is_noted = now.boot == row->seen.boot && noted_ago >= 0 && noted_ago < kNoteEveryMs;
  if (look.state == SessionState::kLive && !is_noted) {
    // A full disk ends sessions early, but does not send anybody away at once.
    static_cast<void>(database_.Write(
        [&](const AdminTables& tables) { return NoteUse(tables.database, id, now); }));
  }
  return look;
}

std::optional<Error> Sessions::End(const std::string& id, const Doer& actor) {
  return database_.Write([&](const AdminTables& tables) -> std::optional<Error> {
    std::optional<SessionRow> row;
    if (auto error = ReadSession(tables.database, id, row)) return error;
    if (!row || row->ended) return std::nullopt;
    if (auto error = EndSession(tables.database, id)) return error;
    return AppendAudit(tables, clock_.Wall(),
                       {"signout", actor, NoteJson({{"name", row->user}}), {}});
  });
}

Result<std::string> Sessions::RequestToken(std::string_view id) {
  std::string token;
  const auto error = database_.Read([&](const AdminTables& tables) -> std::optional<Error> {
    token = UrlText(KeyedHash(tables.key, "request token", id));
    return std::nullopt;
  });
  if (error) return *error;
  return token;
}

}  // namespace candor
