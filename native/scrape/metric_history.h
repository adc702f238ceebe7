// The last six hours of what components said, for a page to draw. Safe from any thread.
//
// Per component a series for each family that reports take (SumFamilies), and "cpu" and "memory"
// of its tile, a value a minute at most. A component that was down, and a family that was not
// there, has gaps. A component with 4 series takes 6 KB, one with 30 takes 45 KB.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/catalogue.h"
#include "native/base/clock.h"
#include "native/scrape/collection.h"
#include "native/scrape/metric_rounds.h"

namespace candor {

class MetricHistory {
 public:
  explicit MetricHistory(Clock& clock) : clock_(clock) {}

  // Adds a round, unless the last one is less than a minute old. `catalogue` says what reports
  // take. Components that are not in it are forgotten.
  void Add(const Collection& collection, const Catalogue& catalogue);
  // From a no on nothing is kept, and what was is forgotten.
  void MayKeep(bool may);
  bool is_empty() const;

  // As MetricsJson.
  std::optional<std::string> Json(std::string_view component, UnixMillis since) const;
  // For a later process on this machine, see MetricsBytes.
  std::string Bytes() const;
  // In place of all there is. false, and nothing changed, when the bytes are damaged.
  bool Read(std::string_view bytes);

  // Of the values and their names.
  std::size_t MemoryBytes() const;

 private:
  std::int64_t WallMinusBoot() const { return clock_.Wall() - clock_.BootMillis(); }

  Clock& clock_;
  mutable std::mutex mutex_;  // Of all below.
  bool may_keep_ = true;
  MetricRounds rounds_;
};

}  // namespace candor
