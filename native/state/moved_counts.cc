#include "native/state/moved_counts.h"

#include <algorithm>
#include <map>

#include "native/state/postgres_counts.h"

namespace candor {
namespace {

using Values = std::map<std::string, std::uint64_t>;

Values ValuesOf(const std::vector<CounterTotals>& all, const std::string& epoch) {
  for (const CounterTotals& totals : all) {
    if (totals.epoch == epoch) return Values(totals.values.begin(), totals.values.end());
  }
  return {};
}

std::uint64_t At(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? 0 : found->second;
}

CounterTotals Totals(const std::string& epoch, const Values& values) {
  return {epoch, {values.begin(), values.end()}};
}

// Where the counts begin that were not reported: before the pending report, if there is one.
std::vector<CounterTotals> Beginnings(const WholeState& whole) {
  const SealedReport* pending = PendingOf(whole);
  return pending != nullptr ? pending->counted_from : whole.state.baselines;
}

// Only of use for dissolving, which nothing but the pending report can be; and of other files.
void ForgetBeginnings(WholeState& whole) {
  for (SealedReport& report : whole.reports) report.counted_from.clear();
}

}  // namespace

std::vector<NodeRow> TurnIntoNodes(WholeState& whole, const std::string& file_epoch) {
  const std::vector<CounterTotals> beginnings = Beginnings(whole);
  std::vector<NodeRow> nodes;
  Values sum;
  bool knows_file = file_epoch.empty();
  for (const CounterTotals& baseline : whole.state.baselines) {
    const Values begins = ValuesOf(beginnings, baseline.epoch);
    NodeRow node{baseline.epoch, {}};
    for (const auto& [name, total] : baseline.values) {
      // A file that lost its last moments has a total below where it began.
      const std::uint64_t dropped = std::min(total, At(begins, name));
      node.counts.push_back({name, total, dropped});
      sum[name] += total - dropped;
    }
    knows_file = knows_file || baseline.epoch == file_epoch;
    nodes.push_back(std::move(node));
  }
  // Counted from zero. A node that the database does not know would drop it all.
  if (!knows_file) nodes.push_back({file_epoch, {}});
  ForgetBeginnings(whole);
  whole.state.baselines.clear();
  if (!sum.empty()) whole.state.baselines.push_back(Totals(kSharedEpoch, sum));
  return nodes;
}

std::vector<std::pair<std::string, std::uint64_t>> CountsToAdd(const WholeState& whole,
                                                               const CounterTotals& sum) {
  const Values begins = ValuesOf(Beginnings(whole), kSharedEpoch);
  std::vector<std::pair<std::string, std::uint64_t>> add;
  for (const auto& [name, total] : sum.values) {
    const std::uint64_t reported = std::min(total, At(begins, name));
    if (total > reported) add.emplace_back(name, total - reported);
  }
  return add;
}

void TurnIntoFile(WholeState& whole, const CounterTotals& before) {
  const Values begins = ValuesOf(Beginnings(whole), kSharedEpoch);
  Values baseline(before.values.begin(), before.values.end());
  for (const auto& [name, total] : ValuesOf(whole.state.baselines, kSharedEpoch)) {
    baseline[name] += total - std::min(total, At(begins, name));
  }
  ForgetBeginnings(whole);
  if (SealedReport* pending = PendingOf(whole)) pending->counted_from = {before};
  whole.state.baselines = {Totals(before.epoch, baseline)};
}

}  // namespace candor
