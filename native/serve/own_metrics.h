// The reporter's own state as Prometheus text 0.0.4; names and units by the rules of OpenMetrics.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "core/decision.h"
#include "core/time_text.h"
#include "native/scrape/collection.h"

namespace candor {

// What has happened since the service began. Safe from any thread.
struct OwnEvents {
  std::atomic<std::uint64_t> reloads{0}, refused_reloads{0}, store_failures{0}, sending_failures{0},
      accepted{0}, rejected{0};
  std::array<std::atomic<std::uint64_t>, 6> answers{};  // By the hundreds of their status.

  // Counts what a line of the log with this id tells.
  void See(std::string_view log_id) noexcept;
};

// What is so now.
struct OwnNumbers {
  UnixMillis started_at = 0;
  bool state_readable = false;  // Without it, what comes of the state is left out.
  std::optional<Action> action;
  std::optional<UnixMillis> last_accepted_at, next_due_at;
  std::int64_t failed_rounds = 0, pending_bytes = 0, pending_attempts = 0;
  std::optional<std::int64_t> counter_names;  // Nothing while telemetry is off.
  bool counters_in_memory = false;
  const Collection* collection = nullptr;  // Borrowed; the last round, nullptr before the first.
  std::int64_t collection_ms = 0;          // How long it took.
};

std::string OwnMetricsText(const OwnNumbers& numbers, const OwnEvents& events);

}  // namespace candor
