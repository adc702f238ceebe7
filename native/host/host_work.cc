#include "native/host/host_work.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "native/base/clock.h"
#include "native/base/random.h"
#include "native/state/open_store.h"
#include "native/transport/http_transport.h"

namespace candor {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

}  // namespace

HostWork::HostWork(std::shared_ptr<HostCore> core)
    : core_(std::move(core)), started_boot_ms_(SystemClock().BootMillis()) {}

bool HostWork::Open() {
  if (reporter_ != nullptr) return true;
  ReporterLog log(core_->log, SystemClock());
  Result<std::unique_ptr<StateStore>> store = OpenStateStore(core_->place);
  if (!store.ok()) {
    if (!std::exchange(open_failed_, true)) log.StoreFailed(store.problems());
    return false;
  }
  if (std::exchange(open_failed_, false)) {
    log.Write(LogEvent::kStoreWorks, "The state can be read and written again.");
  }
  {
    const std::lock_guard lock(hurry_mutex_);
    store_ = std::move(store).value();
    if (hurry_until_boot_ms_) store_->Hurry(LeftToHurry());
  }
  if (const std::string aside = store_->set_aside(); !aside.empty()) {
    log.Write(LogEvent::kStoreSetAside, aside);
  }
  reporter_ = std::make_unique<Reporter>(
      ReporterParts{core_->setup.config, core_->setup.catalogue, *store_, *core_, SystemClock(),
                    SystemRandom(), core_->log, [this] { return GetTransport(); }},
      core_->setup.offered, started_boot_ms_);
  return true;
}

Result<Transport*> HostWork::GetTransport() {
  const std::lock_guard lock(hurry_mutex_);
  if (transport_ == nullptr) {
    Result<std::unique_ptr<Transport>> made = MakeHttpTransport(HttpOptionsOf(core_->setup.config));
    if (!made.ok()) return std::move(made).problems();
    transport_ = std::move(made).value();
    if (hurry_until_boot_ms_) {
      transport_->Cancel(LeftToHurry());
    }
  }
  return transport_.get();
}

bool HostWork::HearWish() {
  SendWish& wish = core_->send_wish;
  if (!wish.IsMade()) return false;
  try {
    reporter_->Hasten();
  } catch (...) {
    wish.Done();
    throw;
  }
  wish.Done();
  return true;
}

std::optional<std::int64_t> HostWork::Turn() noexcept try {
  if (!Open()) return kMinuteMs;
  // First what is promised: a report that must not wait any longer is taken back.
  const std::optional<std::int64_t> next = reporter_->Step();
  return HearWish() ? 0 : next;
} catch (const std::exception& error) {
  core_->log.Write(
      {SystemClock().Wall(), LevelOf(LogEvent::kInternal), LogEvent::kInternal, error.what()});
  return kMinuteMs;
}

void HostWork::LastTurn() noexcept try {
  if (Open()) reporter_->Close();
} catch (const std::exception& error) {
  core_->log.Write(
      {SystemClock().Wall(), LevelOf(LogEvent::kInternal), LogEvent::kInternal, error.what()});
}

void HostWork::Hurry(std::int64_t grace_ms) noexcept {
  const std::lock_guard lock(hurry_mutex_);
  hurry_until_boot_ms_ = SystemClock().BootMillis() + grace_ms;
  if (transport_ != nullptr) transport_->Cancel(grace_ms);
  if (store_ != nullptr) store_->Hurry(grace_ms);
}

std::int64_t HostWork::LeftToHurry() const {
  return std::max<std::int64_t>(*hurry_until_boot_ms_ - SystemClock().BootMillis(), 0);
}

// Without memory a change elsewhere is noticed at the next turn.
int HostWork::change_descriptor() noexcept try {
  return store_ != nullptr ? store_->change_descriptor() : -1;
} catch (...) {
  return -1;
}

void HostWork::DrainChanges() noexcept try {
  if (store_ != nullptr) store_->DrainChanges();
} catch (...) {
  // They are drained after the next turn.
}

}  // namespace candor
