// Benchmarks as ratios: every claim is ours against a named peer, in one run, interleaved.
//
// RunRatios runs all registered benchmarks (Google Benchmark) nine times in random order and
// prints the median, least and most CPU time of each; then every budget with its verdict. A missed
// ratio whose peer varied by more than a fifth is inconclusive.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <vector>

namespace candor {

struct Budget {
  std::string ours, peer;  // Names of registered benchmarks.
  double at_least;         // How many times the speed of the peer; 0 when only told.
};

// Returns the exit status of the program: 1 when a budget was missed.
int RunRatios(int argc, char** argv, const std::vector<Budget>& budgets);

// The most memory (resident, in bytes) that `work` needs on top of what the process already holds.
// Runs it in a child process.
long PeakMemoryOf(const std::function<void()>& work);

}  // namespace candor
