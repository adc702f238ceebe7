// A copy of the SQLite file, whole and of one moment, also while a collector writes to it.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace candor {

// <folder>/reports.db into `file`, which appears under its name only when it is complete, durable
// and read once more. Errors: kNotFound (nothing was kept there); kConflict (`file` exists);
// kUnavailable; kCorrupt.
std::optional<Error> BackUpReports(const std::string& folder, const std::string& file);

}  // namespace candor
