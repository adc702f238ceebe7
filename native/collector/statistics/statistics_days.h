// The days that somebody asks statistics about.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time_text.h"
#include "native/collector/statistics/statistics_scan.h"

namespace candor {

// From one day to another, such as "2026-11-21" (UTC), both included. "": to yesterday, the last
// whole one; from 29 days before. Errors, with the places `prefix` + "from" and "to": kOutOfRange.
Result<StatisticsQuery> ParseStatisticsDays(const std::string& from, const std::string& to,
                                            UnixMillis now, std::string_view prefix = "");

}  // namespace candor
