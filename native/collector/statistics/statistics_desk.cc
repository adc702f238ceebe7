#include "native/collector/statistics/statistics_desk.h"

#include <sys/resource.h>

#include <exception>

namespace candor {
namespace {

constexpr int kNice = 10;

}  // namespace

StatisticsDesk::StatisticsDesk(Read read, Clock& clock)
    : read_(std::move(read)), clock_(clock), thread_([this] { Run(); }) {}

StatisticsDesk::~StatisticsDesk() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

bool StatisticsDesk::Do(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return false;
    waiting_.push_back(std::move(task));
  }
  wake_.notify_all();
  return true;
}

void StatisticsDesk::Run() {
  // Of this thread alone, as Linux has it.
  ::setpriority(PRIO_PROCESS, 0, kNice);
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
    if (stop_) return;
    const std::function<void()> task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      task();
    } catch (const std::exception&) {
      // Who waits for it is answered when the task is gone: a reply that was not given is 503.
    }
  }
}

const Result<Statistics>& StatisticsDesk::Find(const StatisticsQuery& query) {
  const std::int64_t now = clock_.BootMillis();
  std::erase_if(kept_, [now](const auto& item) { return now - item.second.at_ms >= kKeepMs; });
  const std::pair days(query.first_day, query.last_day);
  if (const auto known = kept_.find(days); known != kept_.end()) return known->second.statistics;
  // Reading takes long where there is much to be read: few ranges fit into the seconds they are
  // kept.
  Kept made{read_(query), 0};
  made.at_ms = clock_.BootMillis();
  return kept_.emplace(days, std::move(made)).first->second.statistics;
}

}  // namespace candor
