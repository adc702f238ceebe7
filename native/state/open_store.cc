#include "native/state/open_store.h"

#include <sys/stat.h>

#include "native/state/postgres_store.h"
#include "native/state/set_aside.h"
#include "native/state/sqlite_store.h"

namespace candor {

Result<std::unique_ptr<StateStore>> OpenStateStore(const StatePlace& place) {
  return place.database.empty() ? OpenSqliteStore(place.folder) : OpenPostgresStore(place.database);
}

bool MayHoldState(const StatePlace& place) {
  struct stat status;
  const std::string file = place.folder + '/' + kDatabaseName;
  return !place.database.empty() || ::stat(file.c_str(), &status) == 0;
}

}  // namespace candor
