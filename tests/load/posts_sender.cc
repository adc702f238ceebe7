#include "tests/load/posts_sender.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace candor {

using namespace std::chrono_literals;

PostsSender::PostsSender(std::vector<std::uint32_t> plan, std::size_t connections,
                         std::size_t servers)
    : plan_(std::move(plan)),
      reports_(std::size_t{1} + *std::max_element(plan_.begin(), plan_.end())),
      connections_(connections, servers, [this](std::uint64_t n, const auto& answer) {
        Take(static_cast<std::uint32_t>(n), answer);
      }) {}

void PostsSender::Turn(int timeout_ms) {
  const Time::time_point now = Time::now();
  while (connections_.HasRoom()) {
    if (!again_.empty() && again_.front().first <= now) {
      const std::uint32_t n = again_.front().second;
      again_.pop_front();
      Send(n);
    } else if (next_ < plan_.size()) {
      ++under_way_;
      Send(plan_[next_++]);
    } else {
      break;
    }
  }
  connections_.Turn(timeout_ms);
}

void PostsSender::Send(std::uint32_t n) {
  ++reports_[n].attempts;
  connections_.Send(n, texts_.Request(n));
}

void PostsSender::Take(std::uint32_t n, const LoadConnections::Answer& answer) {
  if (answer.status == 0 || answer.status == 503) {
    ++(answer.status == 0 ? totals_.lost_answers : totals_.unavailable);
    // One wait for all, so that the queue is in order.
    again_.emplace_back(Time::now() + 20ms, n);
    return;
  }
  --under_way_;
  ++done_;
  if (answer.status == 202 || answer.status == 200) return Acknowledge(n, answer);
  ++totals_.others[answer.status];
}

void PostsSender::Acknowledge(std::uint32_t n, const LoadConnections::Answer& answer) {
  Report& report = reports_[n];
  ++totals_.acknowledged;
  if (answer.status == 200) {
    ++totals_.repeated;
    if (report.attempts == 1) ++totals_.false_duplicates;
  }
  const std::size_t receipt = std::hash<std::string_view>()(answer.body) | 1U;
  if (report.receipt != 0 && report.receipt != receipt) ++totals_.changed_receipts;
  if (report.receipt == 0) report.receipt = receipt;
}

}  // namespace candor
