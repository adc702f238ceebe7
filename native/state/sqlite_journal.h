// The rows of the journal.
//
// Errors: kUnavailable, kCorrupt (entries that do not follow from each other).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/journal.h"
#include "core/result.h"
#include "native/state/change.h"
#include "native/state/sqlite_database.h"

namespace candor {

// The last entry. kCorrupt when it does not follow from the one before.
Result<JournalHead> ReadHead(Database& database);
Result<std::vector<JournalEntry>> ReadEntries(Database& database, std::int64_t after,
                                              std::size_t most);
// Every entry from the first on, as long as the chain holds and can be read. Whether it held to the
// end.
Result<bool> ForEachLinked(Database& database, const std::function<void(JournalEntry)>& visit);
std::optional<Error> AppendEntries(Database& database, const std::vector<JournalEntry>& entries);

}  // namespace candor
