#include "native/collector/open_collector_store.h"

#include <filesystem>

#include "native/collector/sqlite_collector.h"

namespace candor {

Result<std::unique_ptr<CollectorStore>> OpenCollectorStore(const StoreOptions& options) {
  const std::string file = (std::filesystem::path(options.folder) / "reports.db").string();
  std::error_code unknown;
  if (!options.make && !std::filesystem::exists(file, unknown)) {
    return Error{
        ErrorCode::kNotFound, "", "is not there: no collector kept anything here", {}, file};
  }
  return OpenSqliteCollector(options.folder);
}

}  // namespace candor
