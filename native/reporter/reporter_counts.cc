// Where several nodes share a store: what they have counted together.
#include <algorithm>
#include <utility>

#include "native/reporter/reporter_moment.h"
#include "native/state/recovery.h"

namespace candor {
namespace {

constexpr std::size_t kJournalPage = 256;

bool IsYes(const std::optional<ConsentRecord>& record) {
  return record && record->verdict == Verdict::kGranted;
}

}  // namespace

// Of all nodes; this one's enter them on the way.
Result<CounterTotals> Reporter::Totals(const Moment& moment) {
  CounterTotals mine = parts_.source.Totals();
  NodeCounts* nodes = parts_.store.node_counts();
  if (nodes == nullptr) return mine;
  // A power cut must not take counts back that the others already know.
  if (!parts_.source.SyncTotals()) {
    return Only(ErrorCode::kUnavailable, "the counters cannot be made durable");
  }
  Sharing how;
  how.consent_seq = moment.state().consent_seq;
  const Result<std::optional<std::int64_t>> seen = nodes->SeenConsent(mine.epoch);
  if (!seen.ok()) return seen.problems();
  how.seen_seq = seen.value();
  if (how.seen_seq && *how.seen_seq != how.consent_seq) {
    Result<std::function<bool(std::string_view)>> drops =
        DroppedSince(*how.seen_seq, how.consent_seq);
    if (!drops.ok()) return std::move(drops).problems();
    how.drops = std::move(drops).value();
  }
  Result<CounterTotals> all = nodes->Share(mine, how);
  if (all.ok()) {
    shared_ = std::move(mine);
    shared_under_ = how.consent_seq;
  }
  return all;
}

// The names under which nothing counts that was counted between the two decisions: all, where
// somebody said yes who had not said so before; else those that a yes covers and the one before it
// did not.
Result<std::function<bool(std::string_view)>> Reporter::DroppedSince(std::int64_t seen_seq,
                                                                     std::int64_t consent_seq) {
  using Drops = std::function<bool(std::string_view)>;
  std::optional<ConsentRecord> last;
  std::vector<std::pair<Catalogue, Catalogue>> widened;
  for (std::int64_t after = std::max<std::int64_t>(seen_seq - 1, 0); after < consent_seq;) {
    const Result<std::vector<JournalEntry>> page = parts_.store.ReadJournal(after, kJournalPage);
    if (!page.ok()) return page.problems();
    if (page.value().empty()) return Drops([](std::string_view) { return true; });
    for (const JournalEntry& entry : page.value()) {
      after = entry.seq;
      if (entry.kind != "consent" || entry.seq > consent_seq) continue;
      std::optional<ConsentRecord> next = ConsentOf(entry);
      if (entry.seq > seen_seq) {
        if (!IsYes(last) || !IsYes(next)) return Drops([](std::string_view) { return true; });
        widened.emplace_back(AgreedCatalogue(offered_, last), AgreedCatalogue(offered_, next));
      }
      last = std::move(next);
    }
  }
  return Drops([widened = std::move(widened)](std::string_view name) {
    return std::any_of(widened.begin(), widened.end(), [name](const auto& step) {
      return !ReportsCount(step.first, name) && ReportsCount(step.second, name);
    });
  });
}

// Only what the others do not know yet.
Problems Reporter::ShareCounts(const Moment& moment, const Decision& decision) {
  if (parts_.store.node_counts() == nullptr || IsRefused(decision)) return {};
  if (shared_under_ == moment.state().consent_seq && shared_ == parts_.source.Totals()) return {};
  Result<CounterTotals> all = Totals(moment);
  return all.ok() ? Problems() : std::move(all).problems();
}

}  // namespace candor
