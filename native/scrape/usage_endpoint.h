// The usage-metrics endpoints of Operate and Tasklist: a count over a window of time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time_text.h"

namespace candor {

inline constexpr std::int64_t kUsageWindowMs = 60 * 60 * 1000;

// The URL that tells `key` over the window before `to`, beside a component's metrics endpoint; ""
// where that is not an actuator's.
std::string UsageUrl(std::string_view metrics_url, std::string_view key, UnixMillis to);

// The count of an answer such as {"total": 99}; names beside it are not looked at.
std::optional<std::int64_t> ReadUsage(std::string_view answer);

}  // namespace candor
