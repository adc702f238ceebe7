// Carrying a state from a folder (SQLite) to a database (PostgreSQL), or back: installation,
// decision, journal, reports, due times, facts and counts.
//
// The target is written in one transaction, and only when it is empty. The source cannot be used
// any more from before that until it is known whether it succeeded, and never after it did, so that
// there are never two states of one installation. A move that was interrupted anywhere is finished
// by the same call again. Times are carried as they are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/result.h"
#include "native/base/clock.h"

namespace candor {

enum class MoveStep {
  kLeft,     // The source is closed to others.
  kAdded,    // Counts were added to the folder's counter file.
  kWritten,  // The target is written.
};

struct MoveOrder {
  std::string folder, counters;  // Of this machine; the counter file of the folder.
  std::string database;          // libpq's connection string or URL.
  // Takes the source's users for dead, and the place where an interrupted move was going for lost.
  bool force = false;
  std::function<void(MoveStep)> reached;  // May be empty.
};

struct Moved {
  std::string installation, from, to;
  std::int64_t entries = 0, reports = 0;
  bool was_there = false;  // An interrupted move was finished.
  std::string put_away;    // What the folder's database is called now, "" for the other way.
};

// Errors: kConflict (the target is not empty, the source is in use, empty or was moved before),
// kUnavailable, kOutOfRange (an end was made by a later version), kBadRequest, kCorrupt, kOverLimit
// (the counter file has no room for all names).
Result<Moved> MoveToDatabase(const MoveOrder& order, Clock& clock = SystemClock());
Result<Moved> MoveToFolder(const MoveOrder& order, Clock& clock = SystemClock());

}  // namespace candor
