// What the configured components say of themselves at one time.
//
// Only URLs of the configuration are asked, and usage endpoints beside them. A component that is
// down, slow or talks nonsense is told so, and changes nothing about the others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/time_text.h"
#include "native/base/clock.h"
#include "native/transport/http_fetch.h"

namespace candor {

enum class Health : std::uint8_t { kNotAsked, kHealthy, kUnhealthy, kDown };
std::string_view Name(Health health);  // "not asked", "healthy", "unhealthy", "down"

// What could not be read, and why: {"readiness, metrics", "Could not resolve host: x"}.
struct ReadingProblem {
  std::string what, why;
};

struct ComponentReading {
  std::string release, name_space, id, name;
  std::string version;  // As configured, or else as the metrics tell it.
  Health health = Health::kNotAsked;
  std::vector<ReadingProblem> problems;  // Each reason once.
  bool has_metrics = false;              // A metrics endpoint is configured.
  bool metrics_read = false;
  std::int64_t took_ms = 0;                        // Of its slowest answer.
  std::optional<double> cpu;                       // 1 is all of the machine.
  std::optional<double> memory_used, memory_most;  // Bytes: the JVM's heap, or the process.
  // The rows that reports take something from, as they came, where they can be made of it.
  std::string exposition;
};

// A count over the hour before `to`.
struct UsageReading {
  std::string release, component, key;
  std::int64_t value = 0;
  UnixMillis from = 0, to = 0;
};

struct Collection {
  UnixMillis collected_at = 0;
  std::vector<ComponentReading> components;  // In configured order.
  std::vector<UsageReading> usage;           // In configured order.
};

// Asks everything once. `catalogue` says what reports take.
Collection Collect(const std::vector<ManagedRelease>& releases, const Catalogue& catalogue,
                   HttpFetcher& fetcher, Clock& clock);

}  // namespace candor
