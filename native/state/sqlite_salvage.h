// What is healthy in a damaged database, and putting it into a new one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/journal.h"
#include "core/result.h"
#include "native/state/sqlite_database.h"
#include "native/state/sqlite_reports.h"
#include "native/state/state.h"
#include "native/state/state_mark.h"

namespace candor {

struct Salvaged {
  State state;
  std::int64_t revision = 0;  // Not below any that was acknowledged.
  std::vector<JournalEntry> journal;
  std::vector<KeptReport> reports;
  std::string facts;
  std::vector<std::string> lost;  // As in core/journal.h, "recovered".
};

// `damaged` may be nullptr for a file that is no database at all. `mark`: how far the state had
// come. Errors: kUnavailable (healthy parts may be there and cannot be read now).
Result<Salvaged> Salvage(Database* damaged, const std::optional<Mark>& mark, UnixMillis at);

// Writes it into an empty database, with a "recovered" entry, in one transaction. A decision whose
// entry was lost is entered again.
Result<Mark> WriteSalvaged(Database& database, Salvaged salvaged, const std::string& why,
                           const std::string& set_aside, UnixMillis at);

}  // namespace candor
