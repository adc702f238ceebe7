// What people look at: read one after the other on a thread that stands back behind all others, and
// statistics kept for some seconds, so that looking takes nothing from reports that come in.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/result.h"
#include "native/base/clock.h"
#include "native/collector/statistics/statistics_scan.h"

namespace candor {

class StatisticsDesk {
 public:
  // Called on the desk's thread.
  using Read = std::function<Result<Statistics>(const StatisticsQuery& query)>;

  static constexpr std::size_t kMostWaiting = 64;
  static constexpr std::int64_t kKeepMs = 10'000;

  // `clock` is borrowed.
  StatisticsDesk(Read read, Clock& clock);
  // Who still waits gets no answer.
  ~StatisticsDesk();
  StatisticsDesk(const StatisticsDesk&) = delete;
  StatisticsDesk& operator=(const StatisticsDesk&) = delete;

  // Does it on the desk's thread. From any thread. false, and nothing comes of it, where too many
  // wait.
  bool Do(std::function<void()> task);
  // As it was read some seconds ago at most. REQUIRES: the desk's thread.
  const Result<Statistics>& Find(const StatisticsQuery& query);

 private:
  struct Kept {
    Result<Statistics> statistics;
    std::int64_t at_ms;
  };
  void Run();

  const Read read_;
  Clock& clock_;
  std::map<std::pair<std::int64_t, std::int64_t>, Kept> kept_;  // The thread's own.
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace candor
