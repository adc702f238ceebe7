// What the reporter logs: one line per change of state, never one per retry.
#pragma once

#include <optional>
#include <string>

#include "core/decision.h"
#include "core/result.h"
#include "native/base/clock.h"
#include "native/base/log.h"
#include "native/state/state.h"

namespace candor {

class ReporterLog {
 public:
  ReporterLog(LogSink& sink, Clock& clock) : sink_(sink), clock_(clock) {}

  void Write(LogEvent event, std::string message);

  // Each says something only when it differs from what was said last.
  void Decided(const Decision& decision);
  void StoreFailed(const Problems& problems);
  void StoreWorks();
  // How often it failed, said or not.
  std::uint64_t store_failures() const { return store_failures_; }
  void FactsInvalid(const Problems& problems);
  void FactsValid() { facts_invalid_.clear(); }
  void AttemptEnded(const SealedReport& report, bool accepted, bool rejected);

 private:
  LogSink& sink_;
  Clock& clock_;
  std::optional<Action> action_;
  std::string rule_;
  bool store_failed_ = false;
  std::uint64_t store_failures_ = 0;
  bool sending_failed_ = false;
  std::string facts_invalid_;
};

}  // namespace candor
