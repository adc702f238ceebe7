// All of a SQLite state at once.
#pragma once

#include "core/result.h"
#include "native/state/sqlite_database.h"
#include "native/state/state_mark.h"
#include "native/state/whole_state.h"

namespace candor {

// Errors: kUnavailable, kCorrupt (what CheckDatabase would find, too).
Result<WholeState> ReadWhole(Database& database);

// In one transaction, into a state that is empty (kConflict), as its next revision.
Result<Mark> WriteWhole(Database& database, const WholeState& whole);

// `other`: the head of the journal at the other end.
Result<Standing> StandOf(Database& database, const JournalHead& other);

}  // namespace candor
