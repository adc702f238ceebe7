// The rows of the state and of the facts.
//
// Errors: kUnavailable, kCorrupt (a row that is not what was written).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/state/change.h"
#include "native/state/sqlite_database.h"

namespace candor {

struct StateRow {
  std::int64_t revision = 0;
  JournalHead head;      // Of the journal: entries cannot vanish from its end unseen.
  std::string document;  // WriteStoredState.
};

// It is kept twice.
inline constexpr std::string_view kStateTables[] = {"state", "state_copy"};
Result<StateRow> ReadStateFrom(Database& database, std::string_view table);
// From the first that is whole.
Result<StateRow> ReadState(Database& database);
std::optional<Error> WriteState(Database& database, const StateRow& row);

// "" for none.
Result<std::string> ReadFactsRow(Database& database);
std::optional<Error> WriteFactsRow(Database& database, const std::string& document);

}  // namespace candor
