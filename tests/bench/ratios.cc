#include "tests/bench/ratios.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <map>

namespace candor {
namespace {

// Google Benchmark's own flags; those on the command line come later and win.
constexpr std::array kFlags = {"--benchmark_repetitions=9", "--benchmark_min_time=0.1",
                               "--benchmark_enable_random_interleaving=true"};

struct Times {
  std::vector<double> seconds;  // Sorted once all are known.
  double bytes = 0;             // Of one iteration, from the counter "bytes"; 0 when not told.

  double least() const { return seconds.front(); }
  double most() const { return seconds.back(); }
  double median() const { return seconds[seconds.size() / 2]; }
  double spread() const { return (most() - least()) / median(); }
};

class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      Times& times = times_[run.run_name.function_name];
      times.seconds.push_back(run.cpu_accumulated_time / static_cast<double>(run.iterations));
      const auto bytes = run.counters.find("bytes");
      if (bytes != run.counters.end()) times.bytes = bytes->second.value;
    }
  }
  std::map<std::string, Times>& times() { return times_; }

 private:
  std::map<std::string, Times> times_;
};

void PrintTimes(const std::string& name, const Times& times) {
  std::printf("%-44s %9.3f ms  (%.3f to %.3f)", name.c_str(), times.median() * 1e3,
              times.least() * 1e3, times.most() * 1e3);
  if (times.bytes > 0) std::printf("  %7.0f MB/s", times.bytes / times.median() / 1e6);
  std::printf("\n");
}

// Returns whether the budget is kept, or not decided.
bool PrintVerdict(const Budget& budget, const Times& ours, const Times& peer) {
  const double ratio = peer.median() / ours.median();
  std::printf("%-44s %6.2f x %s", budget.ours.c_str(), ratio, budget.peer.c_str());
  if (budget.at_least == 0) {
    std::printf("\n");
    return true;
  }
  const bool kept = ratio >= budget.at_least;
  const bool noisy = peer.spread() > 0.2;
  std::printf("  (budget %.2f: %s%s)\n", budget.at_least, kept ? "met" : "MISSED",
              noisy ? ", inconclusive: the peer varied" : "");
  return kept || noisy;
}

// A field of /proc/self/status in bytes, such as "VmHWM:".
long StatusBytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != field) continue;
    long kilobytes = 0;
    status >> kilobytes;
    return kilobytes * 1024;
  }
  return 0;
}

}  // namespace

int RunRatios(int argc, char** argv, const std::vector<Budget>& budgets) {
  std::vector<char*> arguments = {argv[0]};
  for (const char* flag : kFlags) arguments.push_back(const_cast<char*>(flag));
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  for (auto& [name, times] : collector.times()) {
    std::sort(times.seconds.begin(), times.seconds.end());
    PrintTimes(name, times);
  }
  std::printf("\n");
  bool all_met = true;
  for (const Budget& budget : budgets) {
    all_met &=
        PrintVerdict(budget, collector.times().at(budget.ours), collector.times().at(budget.peer));
  }
  return all_met ? 0 : 1;
}

long PeakMemoryOf(const std::function<void()>& work) {
  int result[2];
  if (pipe(result) != 0) return -1;
  const pid_t child = fork();
  if (child == 0) {
    std::ofstream("/proc/self/clear_refs") << "5";  // Forgets the high-water mark so far.
    const long before = StatusBytes("VmRSS:");
    work();
    const long growth = StatusBytes("VmHWM:") - before;
    _exit(write(result[1], &growth, sizeof growth) == sizeof growth ? 0 : 1);
  }
  long growth = -1;
  close(result[1]);
  if (read(result[0], &growth, sizeof growth) != sizeof growth) growth = -1;
  close(result[0]);
  waitpid(child, nullptr, 0);
  return growth;
}

}  // namespace candor
