// Reading a snapshot and applying a change, as transactions on a database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"
#include "native/state/sqlite_database.h"
#include "native/state/state_mark.h"
#include "native/state/state_store.h"

namespace candor {

struct ReadAnswer {
  Snapshot snapshot;
  bool pending_is_damaged = false;  // Or missing: see DropPending.
};
Result<ReadAnswer> ReadSnapshot(Database& database);

// How far the state has come with it.
Result<Mark> ApplyChange(Database& database, const StateChange& change, std::int64_t revision);

// Takes a pending report that is damaged or missing from the state, and says so in the journal.
// Nothing when it is well, or gone meanwhile.
Result<std::optional<Mark>> DropPending(Database& database, UnixMillis at);

}  // namespace candor
