#include "native/admin/admin_target.h"

#include "core/decision.h"
#include "core/scope.h"
#include "native/base/clock.h"
#include "native/base/random.h"
#include "native/state/open_store.h"

namespace candor {
namespace {

// As many as ask at once now and then; opening a store takes milliseconds.
constexpr std::size_t kMostIdle = 4;

}  // namespace

AdminTarget::AdminTarget(std::shared_ptr<HostCore> core, std::int64_t started_boot_ms,
                         std::shared_ptr<AdminComponents> components)
    : core_(std::move(core)),
      started_boot_ms_(started_boot_ms),
      components_(std::move(components)),
      offered_digest_(ScopeDigest(core_->setup.offered)) {}

bool AdminTarget::HasNoState() const {
  const Config& config = core_->setup.config;
  const bool off = config.do_not_track.value || !config.reporter_activate.value ||
                   config.mode.value == Mode::kDisabled;
  return off && !MayHoldState(core_->place);
}

ReporterStatus AdminTarget::StatusWithoutState() const {
  ReporterStatus status;
  status.decision = Decide(core_->setup.config, core_->setup.offered, {}, SystemClock().Wall());
  return status;
}

Result<std::unique_ptr<StateStore>> AdminTarget::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<StateStore> store = std::move(idle_.back());
      idle_.pop_back();
      return store;
    }
  }
  return OpenStateStore(core_->place);
}

void AdminTarget::Return(std::unique_ptr<StateStore> store) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(store));
}

ReporterParts AdminTarget::PartsOn(StateStore& store, FactSource* source) const {
  const auto nothing_is_sent = []() -> Result<Transport*> {
    return Error{ErrorCode::kInternal, "", "nothing is sent from here"};
  };
  FactSource& facts = source != nullptr ? *source : *core_;
  return {core_->setup.config, core_->setup.catalogue, store,      facts,
          SystemClock(),       SystemRandom(),         core_->log, nothing_is_sent};
}

}  // namespace candor
