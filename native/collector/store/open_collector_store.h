// Which store the options name.
#pragma once

#include <memory>
#include <string>

#include "native/collector/store/collector_store.h"

namespace candor {

struct StorePlace {
  std::string folder = {};    // Holds reports.db, unless there is a database.
  std::string database = {};  // PostgreSQL's, for several collectors; "" for the folder.
  // Commands that only look, or delete, make no empty file where a name is mistyped.
  bool make = true;
};

// Errors: those of OpenSqliteCollector and OpenPostgresCollector; kMissing where neither is named;
// kNotFound where there is no file and none is to be made.
Result<std::unique_ptr<CollectorStore>> OpenCollectorStore(const StorePlace& place);

}  // namespace candor
