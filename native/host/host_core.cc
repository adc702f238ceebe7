#include "native/host/host_core.h"

#include <utility>

#include "core/day.h"
#include "native/base/clock.h"
#include "native/reporter/engine_places.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

// The number of the gauge in the counter file; the same in every process.
constexpr std::uint32_t kTaskWorkersGauge = 0;

// The counters' file, "" when its folder is not to be used; the store says why.
std::string CountersIn(const std::string& state_folder) {
  const Result<std::string> folder = PrepareFolder(state_folder);
  return folder.ok() ? CountersPath(folder.value()) : "";
}

}  // namespace

void HostLog::Write(const LogRecord& record) noexcept try {
  const std::string id = IdOf(record.event), text = LogText(record), json = LogJson(record);
  const std::lock_guard lock(mutex_);
  if (function_ == nullptr) return;
  function_({static_cast<int>(record.level), id, record.message, record.at, text, json});
} catch (...) {
  // A log that fails is the host's to notice.
}

void HostLog::Close() noexcept {
  const std::lock_guard lock(mutex_);
  function_ = nullptr;
}

HostCore::HostCore(Setup made, StatePlace state, bool counts,
                   std::function<void(const TelemetryLogLine&)> log_function,
                   std::shared_ptr<ChangingFacts> changing)
    : setup(std::move(made)),
      place(std::move(state)),
      log(std::move(log_function)),
      changing_(std::move(changing)) {
  if (!counts) return;
  counters.emplace(CountersIn(place.folder));
  if (const std::string& why = counters->why_in_memory(); !why.empty()) {
    log.Write({SystemClock().Wall(), LevelOf(LogEvent::kCountersInMemory),
               LogEvent::kCountersInMemory, "Counters live in memory only: " + why});
  }
}

void HostCore::SeeTaskWorker(std::string_view name) noexcept {
  if (!counters) return;
  counters->See(kTaskWorkersGauge, name, SystemClock().Wall());
  task_workers_seen_.store(true, std::memory_order_relaxed);
}

std::optional<std::uint64_t> HostCore::Edition() {
  if (changing_ == nullptr) return std::nullopt;
  return changing_->Edition();
}

std::string HostCore::Facts() {
  FactsDraft draft = book.Copy();
  if (changing_ != nullptr) changing_->AddTo(draft);
  if (task_workers_seen_.load(std::memory_order_relaxed)) {
    const std::uint64_t seen =
        counters->SeenWithin(kTaskWorkersGauge, SystemClock().Wall(), kDayMs);
    draft.Put(places::kTaskWorkers, JsonValue::Integer(static_cast<std::int64_t>(seen)));
  }
  return draft.Write();
}

}  // namespace candor
