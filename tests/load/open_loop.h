// Reports that are due at fixed moments, whatever became of those before: who waits for an answer
// does not keep others from coming, and what had to wait for a free connection counts from the
// moment it was due.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "tests/load/latencies.h"
#include "tests/load/load_connections.h"
#include "tests/load/load_reports.h"

namespace candor {

struct OpenLoopTotals {
  std::uint64_t due = 0, accepted = 0, limited = 0, unavailable = 0;  // 202; 429; 503.
  std::uint64_t without_wait = 0;  // 429 and 503 that do not say when to come again.
  std::uint64_t cut = 0;           // The connection ended without an answer.
  std::uint64_t others = 0;        // Any other status.
  std::uint64_t left = 0;          // Found no free connection within their patience.
  Latencies of_accepted, of_refused;
};

class OpenLoop {
 public:
  using Time = std::chrono::steady_clock;
  // Of reports from the nth on.
  OpenLoop(std::uint16_t port, std::size_t connections, std::uint32_t first);

  // `rate` reports a second for so long, then waits for what is under way. What has not been sent
  // within `patience` leaves.
  OpenLoopTotals Run(double rate, Time::duration length, Time::duration patience);
  // As many as the server takes from `connections`, for so long; reports accepted a second.
  double Capacity(Time::duration length);

  // Numbers of the reports that were accepted so far.
  const std::vector<std::uint32_t>& accepted() const { return accepted_; }

 private:
  void SendDue(Time::duration patience);
  void Send(Time::time_point due);
  void Take(std::uint32_t n, const LoadConnections::Answer& answer);

  const LoadReports texts_{LoadReports::kWithoutDigests};
  std::uint32_t next_;
  std::deque<Time::time_point> waiting_;
  std::unordered_map<std::uint32_t, Time::time_point> under_way_;  // Since when they are due.
  std::vector<std::uint32_t> accepted_;
  OpenLoopTotals totals_;
  LoadConnections connections_;
};

}  // namespace candor
