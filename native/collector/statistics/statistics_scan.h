// Statistics out of a store: one pass over its reports, also while others arrive.
#pragma once

#include <cstdint>
#include <span>

#include "core/catalogue.h"
#include "core/result.h"
#include "native/collector/statistics/statistics.h"
#include "native/collector/store/collector_store.h"

namespace candor {

struct StatisticsQuery {
  // Days since 1970-01-01 (UTC), both included.
  std::int64_t first_day = 0, last_day = 0;
  std::int64_t least = 10;
};

// Of those `catalogues`. What names no installation takes no part, and neither does what inspection
// holds. Errors: those of Scan; kCorrupt.
Result<Statistics> ReadStatistics(CollectorStore& store, std::span<const Catalogue> catalogues,
                                  const StatisticsQuery& query);

}  // namespace candor
