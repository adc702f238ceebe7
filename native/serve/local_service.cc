#include "native/serve/local_service.h"

#include <chrono>
#include <thread>
#include <utility>

#include "native/base/random.h"
#include "native/reporter/status_text.h"
#include "native/scrape/collection_text.h"
#include "native/state/open_store.h"

namespace candor {
namespace {

// Others wait meanwhile.
constexpr std::chrono::milliseconds kPatience{300};

Result<ReporterStatus> StatusIn(StateStore& store, HostCore& core, std::int64_t started_boot_ms) {
  const auto nothing_is_sent = []() -> Result<Transport*> {
    return Error{ErrorCode::kInternal, "", "nothing is sent from here"};
  };
  Reporter reporter({core.setup.config, core.setup.catalogue, store, core, SystemClock(),
                     SystemRandom(), core.log, nothing_is_sent},
                    core.setup.offered, started_boot_ms);
  return reporter.Status();
}

}  // namespace

LocalService::LocalService(Service& service, const OwnEvents& events, UnixMillis started_at)
    : service_(service),
      events_(events),
      started_at_(started_at),
      shelf_(ApiFactsFolder(service.core()->place.folder)) {
  HostCore& core = *service.core();
  if (core.counters && why_off().empty()) {
    counts_.emplace(core.setup.catalogue, core.setup.offered, *core.counters);
  }
}

std::string LocalService::why_off() { return WhyOff(service_.core()->setup.config); }

Result<ReporterStatus> LocalService::Look() {
  HostCore& core = *service_.core();
  if (!why_off().empty() && !MayHoldState(core.place)) {
    ReporterStatus status;
    status.decision = Decide(core.setup.config, core.setup.offered, {}, SystemClock().Wall());
    return status;
  }
  if (!core.place.database.empty()) return LookElsewhere();
  if (store_ == nullptr) {
    Result<std::unique_ptr<StateStore>> store = OpenStateStore(core.place);
    if (!store.ok()) return std::move(store).problems();
    store_ = std::move(store).value();
  }
  Result<ReporterStatus> status = StatusIn(*store_, core, service_.started_boot_ms());
  if (!status.ok()) store_.reset();
  return status;
}

Result<ReporterStatus> LocalService::LookElsewhere() {
  const auto ended = [this](std::chrono::milliseconds most) {
    return looking_.wait_for(most) == std::future_status::ready;
  };
  // Of a question that nobody waited for to the end.
  if (looking_.valid() && ended(std::chrono::milliseconds(0))) looking_ = {};
  if (!looking_.valid()) {
    std::packaged_task<Result<ReporterStatus>()> look(
        [core = service_.core(), started = service_.started_boot_ms()]() -> Result<ReporterStatus> {
          const Result<std::unique_ptr<StateStore>> store = OpenStateStore(core->place);
          if (!store.ok()) return store.problems();
          return StatusIn(*store.value(), *core, started);
        });
    looking_ = look.get_future();
    std::thread(std::move(look)).detach();
  }
  if (ended(kPatience)) return looking_.get();
  return Error{ErrorCode::kUnavailable, "", "the database does not answer"};
}

Result<std::string> LocalService::Status() {
  const Result<ReporterStatus> status = Look();
  if (!status.ok()) return status.problems();
  return StatusJson(status.value(), service_.core()->setup.config);
}

Result<std::string> LocalService::Components() {
  if (const auto latest = service_.LastCollection()) return ComponentsJson(*latest);
  if (service_.collects()) {
    return Error{ErrorCode::kUnavailable, "", "the components are being asked for the first time"};
  }
  return Error{ErrorCode::kNotFound, "",
               "no components are asked: none are configured, or "
               "telemetry is off"};
}

Result<std::string> LocalService::History(const MetricQuery& query) {
  std::optional<std::string> json;
  if (KeptHistory* const history = service_.history()) {
    json = history->metrics().Json(query.component, query.since);
  }
  if (json) return *std::move(json);
  return Error{ErrorCode::kNotFound, "", "nothing is known of such a component"};
}

std::string LocalService::Metrics() {
  HostCore& core = *service_.core();
  OwnNumbers numbers;
  numbers.started_at = started_at_;
  if (const Result<ReporterStatus> looked = Look(); looked.ok()) {
    const ReporterStatus& status = looked.value();
    numbers.state_readable = true;
    numbers.action = status.decision.action;
    numbers.last_accepted_at = status.state.last_accepted_at;
    numbers.next_due_at = status.decision.next;
    numbers.failed_rounds = status.state.failed_rounds;
    if (status.pending) {
      numbers.pending_bytes = status.pending->size;
      numbers.pending_attempts = status.pending->attempts;
    }
  }
  if (counts_) {
    numbers.counter_names = std::ssize(core.counters->Totals().values);
    numbers.counters_in_memory = !core.counters->why_in_memory().empty();
  }
  const std::shared_ptr<const Collection> collection = service_.LastCollection();
  numbers.collection = collection.get();
  numbers.collection_ms = service_.collection_ms();
  return OwnMetricsText(numbers, events_);
}

}  // namespace candor
