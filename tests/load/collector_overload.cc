// Ten times as many reports as a collector can store: each 202 is durable, all others are told to
// come again, who is accepted does not wait long, memory has a bound, and once it is over all is as
// before.
//
// Usage: collector_overload [SECONDS [CONNECTIONS [FOLDER]]]
// The load is an open loop: reports are due at fixed moments and their time counts from then. Who
// finds every connection busy for 100 ms leaves, as behind a proxy; how many those are is told.
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "tests/load/loaded_collector.h"
#include "tests/load/open_loop.h"
#include "tests/load/stored_reports.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

constexpr double kTimes = 10;
constexpr long kMostKilobytes = 256 << 10;
constexpr double kMostMs = 250;

unsigned long long Long(std::uint64_t number) { return number; }

void Print(const char* what, double rate, OpenLoopTotals& said) {
  std::printf(
      "%s: %.0f reports a second, %llu due: %llu x 202 (p50 %.1f ms, p99 %.1f, longest %.1f), %llu "
      "x "
      "503 and %llu x 429 (p99 %.1f ms; %llu without Retry-After), %llu cut, %llu others, %llu "
      "left "
      "without a connection\n",
      what, rate, Long(said.due), Long(said.accepted), said.of_accepted.At(0.5),
      said.of_accepted.At(0.99), said.of_accepted.At(1), Long(said.unavailable), Long(said.limited),
      said.of_refused.At(0.99), Long(said.without_wait), Long(said.cut), Long(said.others),
      Long(said.left));
}

// How many of `accepted` are not stored.
std::size_t LostOf(const std::vector<std::uint32_t>& accepted, const std::string& file) {
  const LoadReports texts;
  std::vector<bool> stored;
  VisitSqliteReports(file, [&](std::string_view bytes) {
    const auto n = texts.NumberOf(bytes);
    if (!n) return;
    if (stored.size() <= *n) stored.resize(2 * std::size_t{*n} + 1);
    stored[*n] = true;
  });
  std::size_t lost = 0;
  for (const std::uint32_t n : accepted) lost += n < stored.size() && stored[n] ? 0 : 1;
  return lost;
}

int Run(int seconds, std::size_t connections, const std::string& below) {
  const Folder folder(below);
  CollectorProcess collector(folder, LoadOptions());
  const std::uint16_t port = PortOf(collector);
  OpenLoop before(port, 64, 0);
  const double capacity = before.Capacity(5s);
  std::printf("capacity: %.0f reports a second on 64 connections\n", capacity);
  OpenLoop flood(port, connections, 100'000'000);
  OpenLoopTotals over = flood.Run(kTimes * capacity, std::chrono::seconds(seconds), 100ms);
  Print("overload", kTimes * capacity, over);
  OpenLoop after(port, 64, 200'000'000);
  OpenLoopTotals then = after.Run(capacity / 4, 1s, 1s);
  Print("the second after", capacity / 4, then);
  then = after.Run(capacity / 4, 2s, 1s);
  Print("and from then on", capacity / 4, then);
  const long memory = StatusOf(collector.pid(), "VmHWM:");
  collector.End(SIGKILL);
  std::size_t lost = 0;
  for (const OpenLoop* loop : {&before, &flood, &after}) {
    lost += LostOf(loop->accepted(), folder.Path("store/reports.db"));
  }
  std::printf("%ld kB at most; %zu lost\n", memory, lost);
  const bool good = lost == 0 && over.others == 0 && over.cut == 0 && over.without_wait == 0 &&
                    over.of_accepted.At(0.99) <= kMostMs && memory <= kMostKilobytes &&
                    then.accepted == then.due;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace candor

int main(int count, char** words) try {
  const int seconds = count > 1 ? std::atoi(words[1]) : 60;
  const int connections = count > 2 ? std::atoi(words[2]) : 256;
  return candor::Run(seconds, static_cast<std::size_t>(connections), count > 3 ? words[3] : "/tmp");
} catch (const std::exception& error) {
  std::printf("%s\n", error.what());
  return 1;
}
