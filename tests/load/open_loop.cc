#include "tests/load/open_loop.h"

#include <utility>

namespace candor {

using namespace std::chrono_literals;

OpenLoop::OpenLoop(std::uint16_t port, std::size_t connections, std::uint32_t first)
    : next_(first), connections_(connections, 1, [this](std::uint64_t n, const auto& answer) {
        Take(static_cast<std::uint32_t>(n), answer);
      }) {
  connections_.MoveTo(0, port);
}

OpenLoopTotals OpenLoop::Run(double rate, Time::duration length, Time::duration patience) {
  totals_ = {};
  const Time::time_point start = Time::now();
  const auto each =
      std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(1 / rate));
  const auto all = static_cast<std::uint64_t>(length / each);
  while (totals_.due < all || !waiting_.empty() || connections_.busy() > 0) {
    const auto passed = static_cast<std::uint64_t>((Time::now() - start) / each);
    for (; totals_.due < std::min(all, passed); ++totals_.due) {
      waiting_.push_back(start + totals_.due * each);
    }
    SendDue(patience);
    connections_.Turn(totals_.due < all && each < 1ms ? 0 : 1);
  }
  return std::exchange(totals_, {});
}

double OpenLoop::Capacity(Time::duration length) {
  totals_ = {};
  const Time::time_point end = Time::now() + length;
  while (Time::now() < end) {
    while (connections_.HasRoom()) Send(Time::now());
    connections_.Turn(10);
  }
  const std::uint64_t accepted = totals_.accepted;
  while (connections_.busy() > 0) connections_.Turn(10);
  return static_cast<double>(accepted) / std::chrono::duration<double>(length).count();
}

void OpenLoop::SendDue(Time::duration patience) {
  const Time::time_point longest = Time::now() - patience;
  while (!waiting_.empty()) {
    const bool leaves = waiting_.front() < longest;
    if (!leaves && !connections_.HasRoom()) return;
    if (leaves) {
      ++totals_.left;
    } else {
      Send(waiting_.front());
    }
    waiting_.pop_front();
  }
}

void OpenLoop::Send(Time::time_point due) {
  const std::uint32_t n = next_++;
  under_way_[n] = due;
  connections_.Send(n, texts_.Request(n));
}

void OpenLoop::Take(std::uint32_t n, const LoadConnections::Answer& answer) {
  const auto sent = under_way_.extract(n);
  const Time::duration took = Time::now() - sent.mapped();
  if (answer.status == 202) {
    ++totals_.accepted;
    totals_.of_accepted.Add(took);
    accepted_.push_back(n);
    return;
  }
  if (answer.status == 429 || answer.status == 503) {
    ++(answer.status == 429 ? totals_.limited : totals_.unavailable);
    if (!answer.retry_after) ++totals_.without_wait;
    totals_.of_refused.Add(took);
  } else {
    ++(answer.status == 0 ? totals_.cut : totals_.others);
  }
}

}  // namespace candor
