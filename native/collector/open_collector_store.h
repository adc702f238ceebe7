// Which store the options name.
#pragma once

#include <memory>
#include <string>

#include "native/collector/collector_store.h"

namespace candor {

struct StoreOptions {
  std::string folder;  // Holds reports.db.
  // Commands that only look, or delete, make no empty store where a name is mistyped.
  bool make = true;
};

// Errors: those of OpenSqliteCollector; kNotFound where there is none and none is to be made.
Result<std::unique_ptr<CollectorStore>> OpenCollectorStore(const StoreOptions& options);

}  // namespace candor
