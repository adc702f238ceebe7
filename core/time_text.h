// Points in time as people write them. The core has no clock: times come in from outside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

using UnixMillis = std::int64_t;

inline constexpr UnixMillis kLatestTime = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

// "2026-11-21T04:05:06Z", seconds cut off; other years than 1970 to 9999 in milliseconds.
std::string TimeText(UnixMillis time);

// Reads "1792123506000" (Unix milliseconds) or "2026-11-21T04:05:06Z"; false for anything else.
bool ParseTime(std::string_view text, UnixMillis* out);

}  // namespace candor
