// What counters have counted: numbers that only ever grow within one epoch. A report carries the
// difference between two totals.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace candor {

// The totals of one counter file (or of one process's memory). Another epoch is another file.
struct CounterTotals {
  std::string epoch;                                          // 32 hexadecimal digits.
  std::vector<std::pair<std::string, std::uint64_t>> values;  // Sorted by name, each once.
  friend bool operator==(const CounterTotals&, const CounterTotals&) = default;
};

// What was counted since: `now` minus the baseline of its epoch, name by name, sorted. A name whose
// baseline is larger than its total (a file that lost its last moments) has counted nothing.
std::vector<std::pair<std::string, std::uint64_t>> CountedSince(
    const std::vector<CounterTotals>& baselines, const CounterTotals& now);

// The baselines with that of now's epoch replaced by `now`. At most kMaxEpochs are kept, the ones
// that changed last. Without an epoch nothing counts, and nothing is replaced.
inline constexpr std::size_t kMaxEpochs = 8;
std::vector<CounterTotals> Advance(std::vector<CounterTotals> baselines, const CounterTotals& now);
// As Advance, for the names in `now` only.
std::vector<CounterTotals> AdvanceSome(std::vector<CounterTotals> baselines,
                                       const CounterTotals& now);

}  // namespace candor
