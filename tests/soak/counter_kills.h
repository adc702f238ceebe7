// Processes that count in one file and are killed at random moments, beside an oracle that outlives
// them: before each addition a thread writes down that it begins, and after it that it is done.
#pragma once

#include <cstdint>
#include <string>

namespace candor {

struct CounterTally {
  std::uint64_t increments = 0;  // That were done, by the oracle.
  std::uint64_t lost = 0;        // Done, and not in the totals.
  std::uint64_t doubled = 0;     // In the totals, and never begun.
  std::uint64_t kills = 0;
  CounterTally& operator+=(const CounterTally& other);
};

// `kills` children are killed, three at a time side by side, on a new file in `folder` for every
// twelve. Each has threads that come and go, meets new names and forks children of its own.
CounterTally CountUnderKills(const std::string& folder, std::uint64_t kills, std::uint64_t seed);

// `threads` threads of this process and as many processes with two threads each as told share
// `increments` additions.
CounterTally CountTogether(const std::string& folder, std::uint64_t increments, int threads,
                           int processes);

}  // namespace candor
