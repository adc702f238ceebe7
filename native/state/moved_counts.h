// What becomes of the counts when a state moves between a folder, whose counters are one file, and
// a database, whose counts are the sum of many. Pure functions; every increment that was not
// reported before is reported once afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "native/counters/counter_totals.h"
#include "native/state/whole_state.h"

namespace candor {

// What the database knows of a counter file.
struct NodeRow {
  struct Count {
    std::string name;
    std::uint64_t total = 0, dropped = 0;
  };
  std::string epoch;
  std::vector<Count> counts;
};

// From a folder: the rows of all files that its baselines know and of the one that counts today
// (`file_epoch`, "" for none). `whole` gets the baselines of their sum. What was reported enters
// the sum never, what waits in the pending report at once, and what was counted since when the
// file's node shares.
std::vector<NodeRow> TurnIntoNodes(WholeState& whole, const std::string& file_epoch);

// From a database: what is to be added to a folder's counter file, sorted by name: of the sum of
// all nodes what was not reported, that of the pending report included.
std::vector<std::pair<std::string, std::uint64_t>> CountsToAdd(const WholeState& whole,
                                                               const CounterTotals& sum);
// `whole` gets the baselines of that file, whose totals were `before` without it.
void TurnIntoFile(WholeState& whole, const CounterTotals& before);

}  // namespace candor
