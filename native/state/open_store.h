// Where a state is kept, and the store for it.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "native/state/state_store.h"

namespace candor {

struct StatePlace {
  std::string folder;    // Of this machine: the counters, and the state unless there is a database.
  std::string database;  // PostgreSQL's, for several nodes; "" for the folder.
};

// Errors: those of OpenPostgresStore and OpenSqliteStore.
Result<std::unique_ptr<StateStore>> OpenStateStore(const StatePlace& place);
// Whether there may be a state, without making or asking anything.
bool MayHoldState(const StatePlace& place);

}  // namespace candor
