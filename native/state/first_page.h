// The first page of a database, on which the rest hangs: SQLite's header and the list of tables.
//
// It is the same in every database of one version but for a few numbers, so that a damaged one can
// be replaced by a new database's; then the tables behind it can be read.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace candor {

// `fresh`, a new database of the same version, becomes a copy of `damaged` with its own first page.
// The log of `damaged` is left out. Errors: kUnavailable; kCorrupt when there is nothing behind the
// first page.
std::optional<Error> PutUnderFirstPage(const std::string& fresh, const std::string& damaged);

}  // namespace candor
