// Many installations that all lost their service at once, and what they do when it is back.
#pragma once

#include <cstdint>

namespace candor::sim {

struct Herd {
  std::int64_t clients = 100'000;
  std::int64_t outage_ms = 0;
  std::uint64_t seed = 1;
};

struct HerdFigures {
  // Requests of the busiest minute after the outage, and of one a day later, as multiples of the
  // rate before the outage.
  double peak = 0, peak_next_day = 0;
  double requests_per_client = 0;  // During the outage, of those that were due in it.
  double back_in_a_day = 0;        // The part of those that arrived within a day.
  // How far the phases of the day after are from uniform: Kolmogorov and Smirnov's distance.
  double phase_distance = 0;
};

// Every client reports once a day, at phases that are uniform before the outage.
HerdFigures Measure(const Herd& herd);

}  // namespace candor::sim
