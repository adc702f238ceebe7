// The reports in one SQLite file.
#pragma once

#include <memory>
#include <string>

#include "native/collector/store/collector_store.h"

namespace candor {

// <folder>/reports.db, made where it is missing. Safe from any thread; one piece of work at a time.
// Errors: those of PrepareFolder and PrepareFile; kUnavailable; kCorrupt; kOutOfRange (made by a
// later version).
Result<std::unique_ptr<CollectorStore>> OpenSqliteCollector(const std::string& folder);

}  // namespace candor
