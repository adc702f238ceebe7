// Whether all of a database is what was written to it.
#pragma once

#include <optional>

#include "core/result.h"
#include "native/state/sqlite_database.h"
#include "native/state/state_mark.h"

namespace candor {

// SQLite's own structure, every row's sum, every report's digest, the journal's chain, and that
// nothing acknowledged is missing. Errors: kCorrupt with what is damaged, kUnavailable.
std::optional<Error> CheckDatabase(Database& database, const std::optional<Mark>& mark);

}  // namespace candor
