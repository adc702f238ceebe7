// A history of metrics for pages, and as the bytes of a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time_text.h"
#include "native/scrape/metric_rounds.h"

namespace candor {

inline constexpr std::int64_t kHistoryMs = 6 * 60 * 60 * 1000;
inline constexpr std::size_t kMostHistoryBytes = std::size_t{64} << 20;

// {"times": [UnixMillis...], "components": [{"release", "namespace", "id", "series": [{"name",
// "counter", "resets": [UnixMillis...], "values": [number or null...]}]}]}: of the rounds after
// `since`, oldest first; a gap is null, and `resets` are the times at which a counter had begun
// afresh. Components are those that `component` means, "ID" or "RELEASE/ID"; for "" all of them,
// without the members "counter", "resets" and "values". Nothing when there is no such component.
// `wall_minus_boot` tells the times: a clock that jumps takes the history along.
std::optional<std::string> MetricsJson(const MetricRounds& rounds, std::string_view component,
                                       UnixMillis since, std::int64_t wall_minus_boot);

// In this machine's byte order, with a checksum.
std::string MetricsBytes(const MetricRounds& rounds, std::int64_t wall_minus_boot);
// What is younger than six hours by then. Nothing when they are damaged.
std::optional<MetricRounds> ReadMetrics(std::string_view bytes, std::int64_t wall_minus_boot,
                                        std::int64_t now_boot_ms);

}  // namespace candor
