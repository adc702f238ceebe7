// What the admin API works on: one configuration in force, whether `candor serve` or a host that
// embeds the library runs it. Safe from any thread; lives as long as a request that asks it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "native/host/host_core.h"
#include "native/reporter/reporter.h"
#include "native/scrape/collection.h"
#include "native/scrape/metric_history.h"
#include "native/state/state_store.h"

namespace candor {

// What components say, where somebody asks them. Called from any thread.
class AdminComponents {
 public:
  virtual ~AdminComponents() = default;
  // Whether there are any to be asked.
  virtual bool AreAsked() = 0;
  // nullptr before the first round.
  virtual std::shared_ptr<const Collection> Last() = 0;
  // nullptr for none.
  virtual MetricHistory* History() = 0;
};

class AdminTarget {
 public:
  // `components`: nullptr for a host without any. `started_boot_ms`: when the reporter started, by
  // Clock::BootMillis.
  AdminTarget(std::shared_ptr<HostCore> core, std::int64_t started_boot_ms,
              std::shared_ptr<AdminComponents> components = nullptr);

  HostCore& core() const { return *core_; }
  const Setup& setup() const { return core_->setup; }
  AdminComponents* components() const { return components_.get(); }
  // ScopeDigest of what the configuration offers.
  const std::string& offered_digest() const { return offered_digest_; }

  // Telemetry is off and never was on: nothing is made on disk for looking.
  bool HasNoState() const;
  // What is decided by configuration and time alone, for such a place.
  ReporterStatus StatusWithoutState() const;

  // Calls `use(StateStore&)` with a store that nobody else uses meanwhile. Errors: those of
  // OpenStateStore, and of `use`, which returns a Result.
  template <typename Use>
  auto WithStore(Use&& use) -> decltype(use(std::declval<StateStore&>())) {
    Result<std::unique_ptr<StateStore>> taken = Take();
    if (!taken.ok()) return std::move(taken).problems();
    std::unique_ptr<StateStore> store = std::move(taken).value();
    auto result = use(*store);
    Return(std::move(store));
    return result;
  }

  // Calls `use(Reporter&)` with a reporter of its own on such a store, which sends nothing. Its
  // facts are those of `source`, nullptr for the host's.
  template <typename Use>
  auto WithReporter(FactSource* source, Use&& use) -> decltype(use(std::declval<Reporter&>())) {
    return WithStore([&](StateStore& store) {
      Reporter reporter(PartsOn(store, source), core_->setup.offered, started_boot_ms_);
      return use(reporter);
    });
  }

 private:
  Result<std::unique_ptr<StateStore>> Take();
  void Return(std::unique_ptr<StateStore> store);
  ReporterParts PartsOn(StateStore& store, FactSource* source) const;

  const std::shared_ptr<HostCore> core_;
  const std::int64_t started_boot_ms_;
  const std::shared_ptr<AdminComponents> components_;
  const std::string offered_digest_;
  std::mutex mutex_;  // Of the idle ones.
  std::vector<std::unique_ptr<StateStore>> idle_;
};

}  // namespace candor
