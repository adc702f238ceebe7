#include "native/counters/counter_totals.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

const CounterTotals* Find(const std::vector<CounterTotals>& all, const std::string& epoch) {
  const auto found = std::find_if(all.begin(), all.end(), [&epoch](const CounterTotals& totals) {
    return totals.epoch == epoch;
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> CountedSince(
    const std::vector<CounterTotals>& baselines, const CounterTotals& now) {
  std::vector<std::pair<std::string, std::uint64_t>> counted = now.values;
  const CounterTotals* baseline = Find(baselines, now.epoch);
  if (baseline == nullptr) return counted;
  auto base = baseline->values.begin();
  for (auto& [name, count] : counted) {
    while (base != baseline->values.end() && base->first < name) ++base;
    if (base == baseline->values.end() || base->first != name) continue;
    count -= std::min(count, base->second);
  }
  return counted;
}

std::vector<CounterTotals> Advance(std::vector<CounterTotals> baselines, const CounterTotals& now) {
  if (now.epoch.empty()) return baselines;
  std::erase_if(baselines,
                [&now](const CounterTotals& totals) { return totals.epoch == now.epoch; });
  baselines.push_back(now);
  if (baselines.size() > kMaxEpochs) baselines.erase(baselines.begin());
  return baselines;
}

std::vector<CounterTotals> AdvanceSome(std::vector<CounterTotals> baselines,
                                       const CounterTotals& now) {
  CounterTotals merged = now;
  if (const CounterTotals* old = Find(baselines, now.epoch)) {
    for (const auto& item : old->values) {
      const auto at =
          std::lower_bound(merged.values.begin(), merged.values.end(), item.first,
                           [](const auto& a, const std::string& name) { return a.first < name; });
      if (at == merged.values.end() || at->first != item.first) merged.values.insert(at, item);
    }
  }
  return Advance(std::move(baselines), merged);
}

}  // namespace candor
