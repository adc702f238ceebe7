#include "native/serve/local_service.h"

#include <utility>

#include "native/base/random.h"
#include "native/reporter/status_text.h"
#include "native/scrape/collection_text.h"
#include "native/state/open_store.h"

namespace candor {

LocalService::LocalService(Service& service, const OwnEvents& events, UnixMillis started_at)
    : service_(service),
      events_(events),
      started_at_(started_at),
      shelf_(ApiFactsFolder(service.core().place.folder)) {
  HostCore& core = service.core();
  if (core.counters && why_off().empty()) {
    counts_.emplace(core.setup.catalogue, core.setup.offered, *core.counters);
  }
}

std::string LocalService::why_off() { return WhyOff(service_.core().setup.config); }

Result<ReporterStatus> LocalService::Look() {
  HostCore& core = service_.core();
  const Config& config = core.setup.config;
  if (!WhyOff(config).empty() && !MayHoldState(core.place)) {
    ReporterStatus status;
    status.decision = Decide(config, core.setup.offered, {}, SystemClock().Wall());
    return status;
  }
  if (store_ == nullptr) {
    Result<std::unique_ptr<StateStore>> store = OpenStateStore(core.place);
    if (!store.ok()) return std::move(store).problems();
    store_ = std::move(store).value();
  }
  const auto nothing_is_sent = []() -> Result<Transport*> {
    return Error{ErrorCode::kInternal, "", "nothing is sent from here"};
  };
  Reporter reporter({config, core.setup.catalogue, *store_, core, SystemClock(), SystemRandom(),
                     core.log, nothing_is_sent},
                    core.setup.offered, service_.started_boot_ms());
  Result<ReporterStatus> status = reporter.Status();
  if (!status.ok()) store_.reset();
  return status;
}

Result<std::string> LocalService::Status() {
  const Result<ReporterStatus> status = Look();
  if (!status.ok()) return status.problems();
  return StatusJson(status.value(), service_.core().setup.config);
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

std::string LocalService::Metrics() {
  HostCore& core = service_.core();
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
