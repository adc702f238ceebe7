// Statistics out of the SQLite file, also while a collector writes to it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/catalogue.h"
#include "core/result.h"
#include "core/time_text.h"
#include "native/collector/statistics.h"

namespace candor {

struct StatisticsQuery {
  // Days since 1970-01-01 (UTC), both included.
  std::int64_t first_day = 0, last_day = 0;
  std::int64_t least = 10;
};

// <folder>/reports.db, as it stands at one moment, of those `catalogues`. What names no
// installation takes no part. Errors: kNotFound (no such file); kUnavailable; kCorrupt.
Result<Statistics> ReadStatistics(const std::string& folder, std::span<const Catalogue> catalogues,
                                  const StatisticsQuery& query);

}  // namespace candor
