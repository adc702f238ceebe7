// One reading of the store and the clocks, and what is asked about it. Internal to reporter*.cc.
#pragma once

#include <string>
#include <string_view>

#include "core/decision.h"
#include "native/reporter/reporter.h"
#include "native/reporter/schedule.h"

namespace candor {

struct Reporter::Moment {
  Snapshot snapshot;
  ClockAnchor clocks;          // What stored times are meant relative to.
  std::int64_t boot_ms = 0;    // Of this machine.
  bool pending_moved = false;  // The pending report's time of sealing differs from the stored one.

  const State& state() const { return snapshot.state; }
  UnixMillis now() const { return clocks.wall; }
};

// Two processes that take turns in spoiling each other's change do not do so for long.
inline constexpr int kMaxRaces = 100;
inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr std::int64_t kHourMs = 60 * kMinuteMs;

inline Problems Only(ErrorCode code, std::string message) {
  Problems problems;
  problems.Add({code, "", std::move(message)});
  return problems;
}
inline Problems TooManyRaces() {
  return Only(ErrorCode::kUnavailable, "the state changes too fast; try again");
}

inline bool IsConflict(const Problems& problems) {
  return !problems.empty() && problems.list().front().code == ErrorCode::kConflict;
}

inline std::string_view Rule(const Decision& decision) {
  return decision.reasons.empty() ? "" : std::string_view(decision.reasons.back().rule);
}
inline std::string Why(const Decision& decision) {
  return decision.reasons.empty() ? "" : decision.reasons.back().text;
}

inline bool IsAgreed(const Decision& decision) {
  return decision.action == Action::kWait || decision.action == Action::kSend;
}
// Somebody, or the configuration in somebody's place, said no.
inline bool IsRefused(const Decision& decision) {
  const bool said = Rule(decision) == "consent" || Rule(decision) == "initialize-telemetry";
  return decision.action == Action::kOff || (decision.action == Action::kCollect && said);
}
// Nothing sealed may wait: there is no yes that covers it. A missing endpoint is no such reason.
inline bool MayNotWait(const Decision& decision) {
  return !IsAgreed(decision) && Rule(decision) != "endpoint";
}

inline bool InitialIsOpen(const State& state) {
  return !state.initial || !IsSettled(*state.initial);
}

}  // namespace candor
