#include "native/collector/store/open_collector_store.h"

#include <filesystem>

#include "native/collector/store/postgres_collector.h"
#include "native/collector/store/sqlite_collector.h"

namespace candor {

Result<std::unique_ptr<CollectorStore>> OpenCollectorStore(const StorePlace& place) {
  if (!place.database.empty()) return OpenPostgresCollector(place.database);
  if (place.folder.empty()) {
    return Error{ErrorCode::kMissing, "--folder", "must be given, or --store for PostgreSQL"};
  }
  const std::string file = (std::filesystem::path(place.folder) / "reports.db").string();
  std::error_code unknown;
  if (!place.make && !std::filesystem::exists(file, unknown)) {
    return Error{
        ErrorCode::kNotFound, "", "is not there: no collector kept anything here", {}, file};
  }
  return OpenSqliteCollector(place.folder);
}

}  // namespace candor
