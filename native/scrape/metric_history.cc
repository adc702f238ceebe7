#include "native/scrape/metric_history.h"

#include <algorithm>
#include <utility>

#include "core/data_points.h"
#include "native/scrape/exposition_reading.h"
#include "native/scrape/metric_history_text.h"

namespace candor {
namespace {

// Rounds a minute apart are kept, also when their pace is not quite even.
constexpr std::int64_t kLeastApartMs = 55'000;

std::map<std::string, double> SumsOf(const ComponentReading& reading, const Catalogue& catalogue) {
  std::map<std::string, double> sums;
  if (!reading.exposition.empty()) {
    sums = SumFamilies(reading.exposition, DemandOf(catalogue, reading.id).families);
  }
  if (reading.cpu) sums["cpu"] = *reading.cpu;
  if (reading.memory_used) sums["memory"] = *reading.memory_used;
  return sums;
}

}  // namespace

void MetricHistory::Add(const Collection& collection, const Catalogue& catalogue) {
  const std::int64_t now = clock_.BootMillis();
  {
    const std::lock_guard lock(mutex_);
    if (!may_keep_) return;
    if (!rounds_.boot_ms.empty() && now - rounds_.boot_ms.back() < kLeastApartMs) return;
  }
  std::map<ComponentKey, MetricSums> sums;
  for (const ComponentReading& reading : collection.components) {
    sums.try_emplace({reading.release, reading.name_space, reading.id}, SumsOf(reading, catalogue));
  }
  const std::lock_guard lock(mutex_);
  if (may_keep_) rounds_.Push(now, sums);
}

void MetricHistory::MayKeep(bool may) {
  const std::lock_guard lock(mutex_);
  may_keep_ = may;
  if (!may) rounds_ = {};
}

bool MetricHistory::is_empty() const {
  const std::lock_guard lock(mutex_);
  return rounds_.boot_ms.empty();
}

std::optional<std::string> MetricHistory::Json(std::string_view component, UnixMillis since) const {
  const std::lock_guard lock(mutex_);
  return MetricsJson(rounds_, component, since, WallMinusBoot());
}

std::string MetricHistory::Bytes() const {
  const std::lock_guard lock(mutex_);
  return MetricsBytes(rounds_, WallMinusBoot());
}

bool MetricHistory::Read(std::string_view bytes) {
  const std::int64_t now = clock_.BootMillis();
  std::optional<MetricRounds> read = ReadMetrics(bytes, WallMinusBoot(), now);
  if (!read) return false;
  const std::lock_guard lock(mutex_);
  if (may_keep_) rounds_ = std::move(*read);
  return true;
}

std::size_t MetricHistory::MemoryBytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = rounds_.boot_ms.capacity() * sizeof(std::int64_t);
  for (const auto& [key, component] : rounds_.components) {
    for (const auto& [name, series] : component) bytes += name.capacity() + series.MemoryBytes();
  }
  return bytes;
}

}  // namespace candor
