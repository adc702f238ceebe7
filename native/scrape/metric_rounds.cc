#include "native/scrape/metric_rounds.h"

namespace candor {

std::size_t MetricRounds::CountSeries() const {
  std::size_t count = 0;
  for (const auto& [key, component] : components) count += component.size();
  return count;
}

void MetricRounds::Push(std::int64_t at_boot_ms, const std::map<ComponentKey, MetricSums>& sums) {
  std::erase_if(components, [&sums](const auto& item) { return !sums.contains(item.first); });
  std::size_t count = CountSeries();
  for (const auto& [key, values] : sums) {
    Component& component = components[key];
    for (const auto& [name, value] : values) {
      if (component.contains(name) || count == kMostSeries) continue;
      component.emplace(name, MetricSeries(boot_ms.size()));
      ++count;
    }
    for (auto& [name, series] : component) {
      const auto value = values.find(name);
      series.Push(value == values.end() ? std::nullopt : std::optional(value->second));
    }
  }
  if (boot_ms.size() == MetricSeries::kMost) boot_ms.erase(boot_ms.begin());
  boot_ms.push_back(at_boot_ms);
}

}  // namespace candor
