// What the reporter thread of a host does: opens the store, and lets the reporter take its turns.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "native/host/host_core.h"
#include "native/host/reporter_thread.h"
#include "native/reporter/reporter.h"
#include "native/state/state_store.h"
#include "native/transport/transport.h"

namespace candor {

class HostWork : public ReporterWork {
 public:
  explicit HostWork(std::shared_ptr<HostCore> core);

  std::optional<std::int64_t> Turn() noexcept override;
  void LastTurn() noexcept override;
  void Hurry(std::int64_t grace_ms) noexcept override;
  int change_descriptor() noexcept override;
  void DrainChanges() noexcept override;

 private:
  bool Open();
  bool HearWish();  // Whether somebody wished. REQUIRES: it is open.
  Result<Transport*> GetTransport();
  std::int64_t LeftToHurry() const;  // REQUIRES: hurry_mutex_, and that it was told to.

  const std::shared_ptr<HostCore> core_;
  const std::int64_t started_boot_ms_;
  // Made by the thread, hurried by another one.
  std::mutex hurry_mutex_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<Transport> transport_;
  std::optional<std::int64_t> hurry_until_boot_ms_;
  std::unique_ptr<Reporter> reporter_;  // After what it uses: it ends first.
  bool open_failed_ = false;
};

}  // namespace candor
