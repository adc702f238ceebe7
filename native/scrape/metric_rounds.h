// Rounds of values of components' metrics, as plain data. Not thread-safe.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "native/scrape/metric_series.h"

namespace candor {

// Of all components together; more are not kept.
inline constexpr std::size_t kMostSeries = 20'000;

struct ComponentKey {
  std::string release, name_space, id;
  auto operator<=>(const ComponentKey&) const = default;
};
using MetricSums = std::map<std::string, double>;

struct MetricRounds {
  using Component = std::map<std::string, MetricSeries, std::less<>>;

  std::vector<std::int64_t> boot_ms;  // When they were, oldest first; MetricSeries::kMost at most.
  // Every series has a value or a gap for each of them.
  std::map<ComponentKey, Component> components;

  // Components that are not in `sums` are forgotten.
  void Push(std::int64_t at_boot_ms, const std::map<ComponentKey, MetricSums>& sums);

 private:
  std::size_t CountSeries() const;
};

}  // namespace candor
