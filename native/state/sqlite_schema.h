// The tables, and how older ones become these.
#pragma once

#include <optional>

#include "core/result.h"
#include "native/state/sqlite_database.h"

namespace candor {

// Brings the tables to this version, in one transaction; an empty database gets its first state,
// revision 0. Errors: kOutOfRange (made by a later version; untouched), kCorrupt, kUnavailable.
std::optional<Error> Migrate(Database& database);

}  // namespace candor
