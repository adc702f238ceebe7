// The note in a folder that its state was moved elsewhere, or is on its way: whoever opens the
// folder then is refused, so that there are never two states of one installation.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace candor {

inline constexpr char kMovedName[] = "moved";

// Where to; "" when there is no note. Errors: kUnavailable.
Result<std::string> ReadMovedTo(const std::string& folder);
// Durably. Errors: kUnavailable.
std::optional<Error> WriteMovedTo(const std::string& folder, const std::string& to);
std::optional<Error> RemoveMovedTo(const std::string& folder);

// For whoever opens the folder: kConflict when there is a note.
std::optional<Error> CheckNotMovedAway(const std::string& folder);

}  // namespace candor
