// The rows of sessions, within a transaction of AdminDatabase.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time_text.h"
#include "native/admin/accounts/accounts.h"
#include "native/admin/accounts/admin_database.h"
#include "native/admin/accounts/audit.h"
#include "native/admin/accounts/sessions.h"
#include "native/base/clock.h"

namespace candor {

// A moment of both clocks: one may be put back, and the other begins anew with the machine.
struct Moment {
  UnixMillis wall_ms = 0;
  std::string boot;  // Clock::BootId.
  std::int64_t boot_ms = 0;
};
Moment NowOf(Clock& clock);

struct SessionRow {
  std::string user;
  Role role = Role::kNone;
  bool is_current = false;  // The account is there, with the generation the session began with.
  bool ended = false;
  Moment created, seen;
};

std::optional<Error> ReadSession(Database& database, const std::string& id,
                                 std::optional<SessionRow>& row);
SessionState StateOf(const SessionRow& row, const Moment& now);

std::optional<Error> InsertSession(Database& database, const std::string& id,
                                   const Account& account, const Moment& now);
std::optional<Error> NoteUse(Database& database, const std::string& id, const Moment& now);
std::optional<Error> EndSession(Database& database, const std::string& id);
// Those of an account but one, or of all accounts, that were used longest ago.
std::optional<Error> MakeRoom(Database& database, const std::string& name);
// What nobody will ask for any more.
std::optional<Error> ForgetOld(Database& database, UnixMillis now);

// All sessions of an account but `kept` (an id; "" for none) end, and the audit says how many.
std::optional<Error> EndSessionsOf(const AdminTables& tables, UnixMillis now,
                                   const std::string& name, const Doer& actor,
                                   const std::string& kept);
// A session that was good for the account before its `generation` stays so.
std::optional<Error> CarryOver(const AdminTables& tables, const std::string& id,
                               const Account& before, std::int64_t generation);

}  // namespace candor
