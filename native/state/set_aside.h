// Putting a damaged database away under another name and a new one in its place, so that a crash at
// any point leaves either the old one or the new one.
//
// The new database is complete before the old one is touched. From when it is named
// state.db.new-<n>, whoever opens the folder next finishes the work.
//
// REQUIRES for all: nobody else has the store open or opens it (StateLock).
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace candor {

inline constexpr char kDatabaseName[] = "state.db";
inline constexpr char kBuildingName[] = "state.db.building";
inline constexpr int kKeptDamaged = 3;  // The oldest of them go.

// The next "state.db.damaged-<n>" that is free: n.
Result<int> NextDamaged(const std::string& folder);
std::string DamagedName(int n);

// What is left of a database under that name from an earlier attempt is removed, and an empty file
// made.
std::optional<Error> StartBuilding(const std::string& folder);
// The database of StartBuilding, closed and durable, takes the place of the damaged one, which
// becomes DamagedName(n).
std::optional<Error> ReplaceWithBuilt(const std::string& folder, int n);
// Whether somebody died in the middle of ReplaceWithBuilt.
Result<bool> IsReplacing(const std::string& folder);
std::optional<Error> FinishReplacing(const std::string& folder);

// The database, closed, becomes "state.db.moved-<n>", which is returned, and its mark goes.
Result<std::string> PutMovedAway(const std::string& folder);

// Removes every database that was set aside or moved: they hold reports' bytes.
void RemoveDamaged(const std::string& folder) noexcept;

}  // namespace candor
