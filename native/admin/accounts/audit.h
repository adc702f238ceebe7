// The audit of access: who signed in or was refused, and who changed accounts. It only grows, and
// is hash-chained as the journal of decisions is (core/journal.h).
//
// An entry is written in the transaction of what it tells: both are durable, or neither.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time_text.h"
#include "native/admin/accounts/admin_database.h"

namespace candor {

// Who does something, and from where.
struct Doer {
  std::string who;   // A user's name; for a command, the name of the system's user.
  std::string from;  // An address, or "command line".
};

// What is told; also the entry's kind in the chain.
//   signin    `new`: {"name", "role", "via"}   refused  `new`: {"name", "via", "more"}: one of them
//   signout   `old`: {"name"}                  is told, and how many more were not
//   added     `new`: {"name", "role"}          removed  `old`: {"name", "role"}
//   role      both: {"name", "role"}           password `old`: {"name"}
//   ended     `old`: {"name", "sessions"}
// With the set-up link, the first account is added by its own name.
struct AuditNote {
  std::string what;  // Lower-case letters.
  Doer actor;
  std::string old_json = {}, new_json = {};  // JSON objects; "" for null.
};

struct AuditEntry {
  std::int64_t seq = 0;
  UnixMillis at_ms = 0;
  std::string what, body, hash;  // The body: {"who", "from", "old", "new"}.
};

// REQUIRES: within AdminDatabase::Write.
std::optional<Error> AppendAudit(const AdminTables& tables, UnixMillis at, const AuditNote& note);

// The newest `most`, newest first.
Result<std::vector<AuditEntry>> ListAudit(AdminDatabase& database, std::size_t most);

// How many entries there are. Errors: kCorrupt, naming the first that does not follow from the one
// before, or a missing end.
Result<std::int64_t> VerifyAudit(AdminDatabase& database);

// {"entries": [{"seq", "atMs", "who", "what", "old", "new", "from"}]}
std::string AuditJson(const std::vector<AuditEntry>& entries);

// {"name": ..., "role": ...} and the like, for a note.
std::string NoteJson(std::initializer_list<std::pair<std::string_view, std::string_view>> texts);

}  // namespace candor
