// A day of UTC, which knows no leap seconds.
#pragma once

#include <cstdint>

namespace candor {

inline constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;

}  // namespace candor
