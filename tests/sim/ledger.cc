#include "tests/sim/ledger.h"

#include <algorithm>
#include <limits>
#include <set>

#include "core/json_reader.h"
#include "core/sha256.h"

namespace candor::sim {
namespace {

// What a clock may be put right by without being followed, a second at a time.
constexpr std::int64_t kToleranceMs = 60'000;

std::string Text(const JsonValue& body, std::string_view key) {
  const JsonValue* member = body.Find(key);
  return member == nullptr ? "" : member->text();
}

// Whether the yes of `state` covers a counter.
bool IsCovered(const State& state, const std::string& name) {
  return std::any_of(state.consent->scope.begin(), state.consent->scope.end(),
                     [&name](const ScopeEntry& entry) {
                       const std::string head = entry.id.substr(0, entry.id.find('*'));
                       return name.compare(0, head.size(), head) == 0;
                     });
}

bool IsReported(const State& state, const std::string& name) {
  const std::vector<std::string>& held_back = state.consent->withheld;
  return IsCovered(state, name) &&
         std::none_of(held_back.begin(), held_back.end(), [&name](const std::string& id) {
           return name.compare(0, id.size(), id) == 0;
         });
}

}  // namespace

const std::array<std::string, kCounters> kCounterNames = {
    "/product/internals/commands/DeployCmd/count",
    "/product/internals/commands/StartProcessInstanceCmd/count",
    "/product/internals/metrics/activity-instance-start/count",
    "/product/internals/metrics/executed-decision-elements/count"};

Counts CountsIn(std::string_view bytes, std::array<bool, kCounters>* found) {
  Counts counts{};
  const Result<JsonValue> document = ReadJson(bytes);
  if (!document.ok()) return counts;
  for (std::size_t i = 0; i < kCounters; ++i) {
    const JsonValue* place = &document.value();
    std::string_view rest = std::string_view(kCounterNames[i]).substr(1);
    while (place != nullptr && !rest.empty()) {
      const std::size_t slash = std::min(rest.find('/'), rest.size());
      place = place->is_object() ? place->Find(rest.substr(0, slash)) : nullptr;
      rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    std::int64_t count = 0;
    const bool there = place != nullptr && place->AsInteger(&count);
    counts[i] = static_cast<std::uint64_t>(count);
    if (found != nullptr) (*found)[i] = there;
  }
  return counts;
}

CounterTotals TotalsOf(const std::string& epoch, const Counts& counts) {
  CounterTotals totals{epoch, {}};
  for (std::size_t i = 0; i < kCounters; ++i) {
    if (counts[i] != 0) totals.values.emplace_back(kCounterNames[i], counts[i]);
  }
  return totals;
}

void Ledger::AllowPeriod(std::int64_t period_ms) {
  least_period_ = least_period_ == 0 ? period_ms : std::min(least_period_, period_ms);
}

void Ledger::FollowClock(const ClockAnchor& anchor, std::int64_t clock_error) {
  const bool restarted = !state_.anchor.boot_id.empty() && state_.anchor.boot_id != anchor.boot_id;
  if (restarted) excuse_ += std::max<std::int64_t>(clock_error - error_at_anchor_, 0);
  error_at_anchor_ = clock_error;
}

void Ledger::Committed(const StateChange& change, const Committer& by, std::int64_t now,
                       std::int64_t clock_error) {
  now_ = now;
  FollowClock(change.state.anchor, clock_error);
  const bool said_yes = !Agreed(state_) && Agreed(change.state);
  const bool is_new = change.report && reports_.count(change.report->id) == 0;
  if (is_new) Seal(*change.report, change, by);
  for (const StateChange::Event& event : change.journal) Event(event);
  if (said_yes) {
    // What was counted before a yes is dropped, save what the bytes carry that it was given to.
    const bool shown = is_new && change.report->kind == ReportKind::kShown;
    for (std::size_t i = 0; i < kCounters; ++i) {
      const std::int64_t dropped = by.totals[i] - (shown ? by.shown[i] : consumed_[i]);
      before_yes_[i] += dropped;
      consumed_[i] += dropped;
    }
  }
  if (Agreed(state_) && Agreed(change.state)) CoverAnew(change.state, by);
  const std::string installation = state_.installation;
  if (!installation.empty() && installation != change.state.installation) {
    Fail("the installation has got another id");
  }
  state_ = change.state;
  CheckSums();
}

// What was counted of it while it was held back is dropped.
void Ledger::CoverAnew(const State& now, const Committer& by) {
  for (std::size_t i = 0; i < kCounters; ++i) {
    if (IsReported(state_, kCounterNames[i]) || !IsReported(now, kCounterNames[i])) continue;
    before_yes_[i] += by.totals[i] - consumed_[i];
    consumed_[i] = by.totals[i];
    if (const auto waiting = reports_.find(now.pending); waiting != reports_.end()) {
      waiting->second.counts[i] = 0;
    }
  }
}

void Ledger::Seal(const SealedReport& sealed, const StateChange& change, const Committer& by) {
  const bool initial = sealed.kind == ReportKind::kInitial;
  if (!by.online) Fail("a report is sealed though the mode is not online");
  if (initial && (!by.initial_report || denied())) Fail("an initial report is sealed unasked");
  if (!initial && !Agreed(change.state)) Fail("a report is sealed without a yes");
  if (!initial && !state_.pending.empty() && change.state.pending == state_.pending) {
    Fail("two reports wait");
  }
  Report report;
  report.kind = sealed.kind;
  report.digest = sealed.digest;
  if (sealed.digest != Sha256Hex(sealed.bytes)) Fail("a digest is not that of the bytes");
  if (!initial) {
    std::array<bool, kCounters> found{};
    report.counts = CountsIn(sealed.bytes, &found);
    const Counts& totals = sealed.kind == ReportKind::kShown ? by.shown : by.totals;
    // What is withheld or not agreed to is dropped with the report that would have carried it.
    for (std::size_t i = 0; i < kCounters; ++i) {
      const bool withheld = std::any_of(
          sealed.withheld.begin(), sealed.withheld.end(),
          [&](const std::string& id) { return kCounterNames[i].compare(0, id.size(), id) == 0; });
      if (!withheld && IsCovered(change.state, kCounterNames[i])) continue;
      if (found[i]) Fail("a report carries what was withheld or is not agreed to");
      report.counts[i] = totals[i] - consumed_[i];
    }
  }
  reports_.emplace(sealed.id, report);
}

void Ledger::Charge(Report& report) {
  if (report.charged) return;
  report.charged = true;
  for (std::size_t i = 0; i < kCounters; ++i) {
    consumed_[i] += report.counts[i];
    if (!report.accepted) dropped_[i] += report.counts[i];
  }
}

void Ledger::Event(const StateChange::Event& event) {
  const bool ends = event.kind == "dissolved" || event.kind == "withdrawn" ||
                    event.kind == "rejected" || event.kind == "accepted";
  if (!ends) return;
  const JsonValue body = ReadJson(event.body).value();
  const std::string id = Text(body, "report");
  const auto found = reports_.find(id);
  if (found == reports_.end()) return Fail("the journal tells of a report that was never sealed");
  Report& report = found->second;
  if (event.kind == "accepted") {
    last_accepted_ = std::max(last_accepted_, now_);
    if (!report.accepted) Fail("a report counts as accepted that the service does not have");
    return;
  }
  const JsonValue* returns = body.Find("countsReturn");
  report.returned = event.kind == "dissolved" || (returns != nullptr && returns->boolean());
  if (!report.returned) return Charge(report);
  if (report.accepted) Fail("counts of a report return that the service has: " + id);
}

void Ledger::Leaves(std::string_view body, const std::string& id, std::string_view digest,
                    const Committer& by) {
  const auto found = reports_.find(id);
  if (found == reports_.end()) return Fail("bytes leave under a key that was never sealed");
  const Report& report = found->second;
  if (digest != report.digest || Sha256Hex(body) != report.digest) {
    Fail("other bytes leave than were sealed");
  }
  if (!by.online) Fail("bytes leave though the mode is not online");
  if (report.kind == ReportKind::kInitial) {
    if (denied() || !by.initial_report) Fail("an initial report leaves unasked");
  } else if (!agreed()) {
    Fail("bytes leave without a yes");
  } else if (report.charged && !report.accepted) {
    Fail("a report leaves that was taken back");
  }
  if (report.returned) Fail("a report leaves whose counts have returned");
}

void Ledger::Accepted(const std::string& id, std::string_view body, std::int64_t now) {
  const auto found = reports_.find(id);
  if (found == reports_.end()) return Fail("the service has a report that was never sealed");
  Report& report = found->second;
  if (report.accepted) Fail("the service has a report twice");
  if (report.returned) Fail("the service has a report whose counts have returned");
  if (report.kind == ReportKind::kInitial) {
    report.accepted = true;
    if (++initial_accepted_ > 1) Fail("the service has two initial reports");
    return;
  }
  const Counts counts = CountsIn(body);
  for (std::size_t i = 0; i < kCounters; ++i) {
    received_[i] += counts[i];
    // What was withheld, or dropped before it arrived, is no longer only dropped.
    if (report.charged) dropped_[i] -= counts[i];
    if (!report.charged) dropped_[i] += report.counts[i] - counts[i];
  }
  report.accepted = true;
  Charge(report);
  ++accepted_;
  if (report.kind == ReportKind::kScheduled) {
    const std::int64_t gap = now - last_scheduled_;
    if (last_scheduled_ >= 0 && gap < least_period_ - excuse_ - kToleranceMs) {
      Fail("two scheduled reports within one period: " + std::to_string(gap) + " ms");
    }
    last_scheduled_ = now;
    excuse_ = 0;
    least_period_ = 0;
  }
  last_accepted_ = now;
}

void Ledger::CheckSums() {
  const CounterTotals totals = TotalsOf("sim", counted_);
  Counts live{};
  for (const auto& [name, count] : CountedSince(state_.baselines, totals)) {
    const auto at = std::find(kCounterNames.begin(), kCounterNames.end(), name);
    live[static_cast<std::size_t>(at - kCounterNames.begin())] = count;
  }
  Counts waiting{};
  if (!state_.pending.empty()) {
    const Report& pending = reports_.at(state_.pending);
    if (!pending.charged) waiting = pending.counts;
  }
  for (std::size_t i = 0; i < kCounters; ++i) {
    const std::uint64_t owed = counted_[i] - consumed_[i];
    const std::uint64_t known = received_[i] + dropped_[i] + before_yes_[i];
    if (live[i] + waiting[i] != owed || known + waiting[i] + live[i] != counted_[i]) {
      Fail("counts do not add up: counted " + std::to_string(counted_[i]) + ", received " +
           std::to_string(received_[i]) + ", dropped " + std::to_string(dropped_[i]) +
           ", before a yes " + std::to_string(before_yes_[i]) + ", waiting " +
           std::to_string(waiting[i]) + ", live " + std::to_string(live[i]));
    }
  }
}

void Ledger::CheckJournal(const std::vector<JournalEntry>& entries) {
  if (CountLinked(entries) != entries.size()) Fail("the journal's chain is broken");
  std::set<std::string> digests;
  for (const JournalEntry& entry : entries) {
    if (entry.kind != "sealed") continue;
    const JsonValue body = ReadJson(entry.body).value();
    digests.insert(Text(body, "report") + " " + Text(body, "digest"));
  }
  for (const auto& [id, report] : reports_) {
    if (report.accepted && digests.count(id + " " + report.digest) == 0) {
      Fail("the journal lacks a report that the service has: " + id);
    }
  }
}

}  // namespace candor::sim
