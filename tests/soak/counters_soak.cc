// Counts from 16 threads and 8 processes, then from processes that are killed.
// Usage: counters_soak [INCREMENTS [KILLS [SEED]]]
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "tests/soak/counter_kills.h"

// Killed children leave threads behind, and what forks them may have threads.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0:report_thread_leaks=0"; }

int main(int argc, char** argv) {
  const auto number = [&](int at, std::uint64_t otherwise) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
  };
  const std::uint64_t increments = number(1, 100'000'000);
  const std::uint64_t kills = number(2, 2000);
  const std::uint64_t seed = number(3, std::random_device()());
  std::string folder = std::filesystem::temp_directory_path() / "candor-soak-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 2;

  candor::CounterTally tally = candor::CountTogether(folder, increments, 16, 8);
  std::printf("16 threads and 8 processes: %llu increments\n",
              static_cast<unsigned long long>(tally.increments));
  std::fflush(stdout);
  if (kills > 0) tally += candor::CountUnderKills(folder, kills, seed);
  std::filesystem::remove_all(folder);
  std::printf(
      "%llu increments, %llu kills, %llu lost, %llu doubled, seed %llu\n",
      static_cast<unsigned long long>(tally.increments),
      static_cast<unsigned long long>(tally.kills), static_cast<unsigned long long>(tally.lost),
      static_cast<unsigned long long>(tally.doubled), static_cast<unsigned long long>(seed));
  return tally.lost == 0 && tally.doubled == 0 ? 0 : 1;
}
