// Simulates many installations over many years; prints what happened, and every violation with the
// seed that repeats it.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "native/base/random.h"
#include "tests/sim/herd.h"
#include "tests/sim/installation.h"
#include "tests/sim/sim_clock.h"

namespace {

using namespace candor::sim;

struct Arguments {
  std::int64_t installations = 20, years = 10;
  std::uint64_t seed = candor::SystemRandom().Next();
  bool sqlite = false, trace = false;
  std::int64_t only = -1, herd = 0;
};

Arguments Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "0";
    if (name == "--sqlite") {
      arguments.sqlite = true;
    } else if (name == "--trace") {
      arguments.trace = true;
    } else if (name == "--installations") {
      arguments.installations = std::atoll(value), ++i;
    } else if (name == "--years") {
      arguments.years = std::atoll(value), ++i;
    } else if (name == "--seed") {
      arguments.seed = std::strtoull(value, nullptr, 0), ++i;
    } else if (name == "--herd") {
      arguments.herd = std::atoll(value), ++i;
    } else if (name == "--only") {
      arguments.only = std::atoll(value), ++i;
    } else {
      std::fprintf(stderr,
                   "candor_sim [--installations N] [--years N] [--seed S] [--sqlite]"
                   " [--only INDEX] [--trace] [--herd CLIENTS]\n");
      std::exit(2);
    }
  }
  return arguments;
}

void PrintHerd(std::int64_t clients, std::uint64_t seed) {
  for (const std::int64_t hours : {1, 6, 24}) {
    const HerdFigures figures = Measure({clients, hours * kHour, seed});
    std::printf(
        "%lld clients after %lld h: peak %.2f x, next day %.2f x, %.1f requests each "
        "meanwhile, %.1f %% back within a day, phases %.3f from uniform, seed %llu\n",
        static_cast<long long>(clients), static_cast<long long>(hours), figures.peak,
        figures.peak_next_day, figures.requests_per_client, 100 * figures.back_in_a_day,
        figures.phase_distance, static_cast<unsigned long long>(seed));
  }
}

Totals One(const Arguments& arguments, std::int64_t index) {
  Options options;
  SimRandom seeds(arguments.seed + static_cast<std::uint64_t>(index));
  options.seed = seeds.Next();
  options.years = arguments.years;
  options.trace = arguments.trace;
  options.always_offline = index % 50 == 49;
  if (!arguments.sqlite) return Simulate(options);
  std::string folder = (std::filesystem::temp_directory_path() / "candor-sim-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) std::abort();
  options.sqlite_folder = folder + "/state";
  Totals totals = Simulate(options);
  std::filesystem::remove_all(folder);
  return totals;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = Parse(argc, argv);
  if (arguments.herd > 0) {
    PrintHerd(arguments.herd, arguments.seed);
    return 0;
  }
  std::int64_t first = 0, last = arguments.installations;
  if (arguments.only >= 0) first = arguments.only, last = first + 1;
  std::vector<Totals> all(static_cast<std::size_t>(last - first));
  std::atomic<std::int64_t> next{first};
  const auto work = [&] {
    for (std::int64_t i = next++; i < last; i = next++) {
      all[static_cast<std::size_t>(i - first)] = One(arguments, i);
    }
  };
  std::vector<std::thread> threads;
  const unsigned count = arguments.trace ? 1 : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < count; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();

  Totals totals;
  int shown = 0;
  for (std::int64_t i = first; i < last; ++i) {
    const Totals& one = all[static_cast<std::size_t>(i - first)];
    totals.Add(one);
    if (one.violations == 0 || ++shown > 10) continue;
    for (const std::string& message : one.messages) {
      std::printf("installation %lld, %s\n", static_cast<long long>(i), message.c_str());
    }
    std::printf("  again with --seed %llu --only %lld --years %lld: %s\n",
                static_cast<unsigned long long>(arguments.seed), static_cast<long long>(i),
                static_cast<long long>(arguments.years),
                One(arguments, i).hash == one.hash ? "the same events" : "OTHER EVENTS");
  }
  std::printf(
      "%lld journal entries, at most %lld bytes of reports kept by an installation, hash "
      "%016llx\n",
      static_cast<long long>(totals.journal_entries),
      static_cast<long long>(totals.most_kept_bytes), static_cast<unsigned long long>(totals.hash));
  std::printf(
      "%lld installations, %lld years, %lld events, %lld faults, %lld reports, "
      "%lld violations, seed %llu\n",
      static_cast<long long>(totals.installations), static_cast<long long>(totals.years),
      static_cast<long long>(totals.events), static_cast<long long>(totals.faults),
      static_cast<long long>(totals.reports), static_cast<long long>(totals.violations),
      static_cast<unsigned long long>(arguments.seed));
  return totals.violations == 0 ? 0 : 1;
}
