// Clients that send planned reports until each is acknowledged, and an account of what they heard.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "tests/load/load_connections.h"
#include "tests/load/load_reports.h"

namespace candor {

struct SenderTotals {
  std::uint32_t acknowledged = 0;       // Posts that got 202 or 200.
  std::uint32_t repeated = 0;           // Of them 200.
  std::uint32_t lost_answers = 0;       // And sent again; so is what was
  std::uint32_t unavailable = 0;        // answered 503.
  std::uint32_t false_duplicates = 0;   // 200 to what was sent once.
  std::uint32_t changed_receipts = 0;   // Another receipt than the first that was heard.
  std::map<int, std::uint32_t> others;  // By status; they are given up.
};

class PostsSender {
 public:
  // `plan`: numbers of reports, in order. `connections` to each of `servers`.
  PostsSender(std::vector<std::uint32_t> plan, std::size_t connections, std::size_t servers);

  // Sends what there is room for, and takes answers for at most so long.
  void Turn(int timeout_ms);
  bool finished() const { return next_ == plan_.size() && under_way_ == 0; }
  std::uint32_t done() const { return done_; }
  const SenderTotals& totals() const { return totals_; }
  bool WasAcknowledged(std::uint32_t n) const { return reports_[n].receipt != 0; }
  LoadConnections& connections() { return connections_; }

 private:
  using Time = std::chrono::steady_clock;
  struct Report {
    std::uint32_t attempts = 0;
    std::size_t receipt = 0;  // A hash of the first that was heard.
  };

  void Send(std::uint32_t n);
  void Take(std::uint32_t n, const LoadConnections::Answer& answer);
  void Acknowledge(std::uint32_t n, const LoadConnections::Answer& answer);

  const std::vector<std::uint32_t> plan_;
  const LoadReports texts_;
  std::vector<Report> reports_;
  std::deque<std::pair<Time::time_point, std::uint32_t>> again_;  // From when on.
  std::size_t next_ = 0, under_way_ = 0;                          // Of the plan.
  std::uint32_t done_ = 0;
  SenderTotals totals_;
  LoadConnections connections_;
};

}  // namespace candor
