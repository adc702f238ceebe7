// Counting on a host's hot path beside an empty loop and prometheus-cpp, and reading the totals.
// With two threads both add to one counter; the times are of processor time for one addition.
#include <benchmark/benchmark.h>
#include <prometheus/counter.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "native/counters/counters.h"
#include "tests/bench/ratios.h"

namespace candor {
namespace {

constexpr std::size_t kCellsOfAName = 65;  // In 64 slabs and the overflow slab.
std::string path;

Counters& InFile() {
  static Counters counters(path);
  return counters;
}

Counters& InMemory() {
  static Counters counters("");
  return counters;
}

// So that a millisecond of the table is a nanosecond for one addition.
constexpr int kBatch = 1'000'000;

template <typename Work>
void Time(const std::string& name, int threads, Work work) {
  benchmark::RegisterBenchmark(name.c_str(), [work](benchmark::State& state) {
    for (auto _ : state) {
      for (int i = 0; i < kBatch; ++i) {
        work();
        benchmark::ClobberMemory();  // Or the compiler would add once for all.
      }
    }
  })->Threads(threads);
}

void RegisterAll() {
  static prometheus::Counter peer;
  Counters* const in_file = &InFile();
  Counters* const in_memory = &InMemory();
  const std::uint32_t file_counter = in_file->Intern("name 7");
  const std::uint32_t memory_counter = in_memory->Intern("name 7");
  for (const int threads : {1, 2}) {
    const std::string with = threads == 1 ? ", 1 thread" : ", 2 threads";
    Time("empty loop" + with, threads, [] {});
    Time("candor Add" + with, threads, [=] { in_file->Add(file_counter); });
    Time("candor Add in memory" + with, threads, [=] { in_memory->Add(memory_counter); });
    Time("prometheus-cpp Increment" + with, threads, [] { peer.Increment(); });
  }
}

// Nanoseconds of processor time for a cell; the median of 9.
double TotalsOfACell(std::size_t names) {
  for (std::size_t i = 0; i < names; ++i) InFile().Intern("name " + std::to_string(i));
  std::vector<double> times;
  for (int round = 0; round < 9; ++round) {
    constexpr int kTimes = 200;
    const std::clock_t start = std::clock();
    for (int i = 0; i < kTimes; ++i) benchmark::DoNotOptimize(InFile().Totals());
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    times.push_back(seconds * 1e9 / kTimes / static_cast<double>(names * kCellsOfAName));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  std::string folder = std::filesystem::temp_directory_path() / "candor-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 2;
  candor::path = folder + "/counters";
  candor::RegisterAll();
  std::printf("a million additions each: milliseconds below are nanoseconds for one\n\n");
  int status =
      candor::RunRatios(argc, argv,
                        {{"candor Add, 1 thread", "empty loop, 1 thread", 0.5},
                         {"candor Add, 2 threads", "empty loop, 2 threads", 0.5},
                         {"candor Add in memory, 1 thread", "empty loop, 1 thread", 0},
                         {"candor Add, 1 thread", "prometheus-cpp Increment, 1 thread", 20},
                         {"candor Add, 2 threads", "prometheus-cpp Increment, 2 threads", 200}});
  for (const std::size_t names : {256, 2048}) {
    const double ns = candor::TotalsOfACell(names);
    std::printf("totals of %zu names: %.2f ns a cell (budget 1: %s)\n", names, ns,
                ns <= 1 ? "met" : "MISSED");
    if (ns > 1) status = 1;
  }
  std::filesystem::remove_all(folder);
  return status;
}
