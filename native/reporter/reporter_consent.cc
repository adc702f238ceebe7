// Decisions, and what they do to what waits.
#include <algorithm>
#include <utility>

#include "core/scope.h"
#include "native/reporter/life.h"
#include "native/reporter/reporter_moment.h"

namespace candor {
namespace {

bool WasOvertaken(const Actor& actor, const State& state) {
  return actor.seen_seq && *actor.seen_seq != state.consent_seq;
}

Problems Overtaken() { return Only(ErrorCode::kConflict, "somebody has decided meanwhile"); }

}  // namespace

// What the configuration says at a first start is a decision, and recorded as one.
Problems Reporter::RecordInitialDecision(Moment& moment) {
  const std::optional<bool>& initial = parts_.config.initialize_telemetry.value;
  const Decision decision = Decide(moment);
  if (moment.state().consent || !initial || decision.action == Action::kOff ||
      parts_.config.mode.value != Mode::kOnline) {
    return {};
  }
  ConsentRecord record = MakeConsent(*initial ? Verdict::kGranted : Verdict::kDenied, offered_, {});
  record.who = record.through = "configuration";
  return Decided(moment, std::move(record), nullptr);
}

// Minutes after the yes, and never within a period of what was, or may have been, accepted under
// an earlier one.
UnixMillis Reporter::FirstDue(const Moment& moment) const {
  const State& state = moment.state();
  UnixMillis first = moment.now() + std::min(kFirstRunMs + PhaseOf(state.installation), PeriodMs());
  if (state.due_at) first = std::max(first, std::min(*state.due_at, moment.now() + PeriodMs()));
  return state.last_accepted_at ? std::max(first, *state.last_accepted_at + PeriodMs()) : first;
}

// All counters for a first yes; after another yes, those that were not reported under it.
CounterTotals Reporter::NewlyCovered(const Moment& moment, const ConsentRecord& record,
                                     CounterTotals totals) {
  const std::optional<ConsentRecord>& last = moment.state().consent;
  if (!last || last->verdict != Verdict::kGranted) return totals;
  const Catalogue before = AgreedCatalogue(offered_, last);
  const Catalogue after = AgreedCatalogue(offered_, record);
  std::erase_if(totals.values, [&](const auto& item) {
    return ReportsCount(before, item.first) || !ReportsCount(after, item.first);
  });
  return totals;
}

Problems Reporter::Decided(Moment& moment, ConsentRecord record, const Candidate* shown) {
  record.when_ms = moment.now();
  // A no needs nothing but itself.
  CounterTotals counted;
  if (record.verdict == Verdict::kGranted) {
    Result<CounterTotals> totals = Totals(moment);
    if (!totals.ok()) return std::move(totals).problems();
    counted = std::move(totals).value();
    if (!parts_.source.SyncTotals()) {
      return Only(ErrorCode::kUnavailable, "the counters cannot be made durable");
    }
  }
  // Where the configuration sends nothing, a yes is kept for later, and nothing is sealed.
  Moment then = moment;
  then.snapshot.state.consent = record;
  if (MayNotWait(Decide(then))) shown = nullptr;
  DecisionInputs inputs{moment.snapshot, record, NewlyCovered(moment, record, counted),
                        shown,           "",     FirstDue(moment)};
  if (shown != nullptr) inputs.report_id = NewUuid(parts_.random);
  StateChange change = ConsentChange(inputs);
  if (parts_.store.node_counts() != nullptr && record.verdict == Verdict::kGranted) {
    change.shared = std::move(counted);
  }
  Problems problems = Apply(moment, std::move(change));
  if (problems.empty()) {
    remembered_.reset();
    log_.Write(LogEvent::kConsent,
               std::string(record.verdict == Verdict::kGranted ? "Granted" : "Denied") + " by " +
                   record.who + " through " + record.through + ".");
  }
  return problems;
}

Problems Reporter::Grant(const Actor& actor, std::vector<std::string> withheld,
                         const Candidate* shown) {
  if (const Result<Catalogue> narrowed = Withhold(offered_, withheld); !narrowed.ok()) {
    return narrowed.problems();
  }
  ConsentRecord record = MakeConsent(Verdict::kGranted, offered_, std::move(withheld));
  record.who = actor.who;
  record.through = actor.through;
  if (shown != nullptr) record.report_digest = shown->digest;
  for (int race = 0; race < kMaxRaces; ++race) {
    Result<Moment> moment = Look();
    if (!moment.ok()) return std::move(moment).problems();
    Moment now = std::move(moment).value();
    if (WasOvertaken(actor, now.state())) return Overtaken();
    const std::optional<ConsentRecord>& last = now.state().consent;
    const bool agreed = last && last->verdict == Verdict::kGranted;
    if (agreed && last->scope_digest == record.scope_digest && last->withheld == record.withheld &&
        shown == nullptr) {
      return {};
    }
    if (shown != nullptr &&
        (shown->scope_digest != ScopeDigest(AgreedCatalogue(offered_, record)) ||
         shown->baselines != now.state().baselines)) {
      return Only(ErrorCode::kConflict,
                  "the report that was shown is not what this yes would send "
                  "any more; look at it again");
    }
    Problems problems = EnsureInstallation(now);
    // It looks again where others made the installation, and maybe decided, too.
    if (problems.empty() && WasOvertaken(actor, now.state())) return Overtaken();
    if (problems.empty()) problems = Decided(now, record, shown);
    if (!IsConflict(problems)) return problems;
  }
  return TooManyRaces();
}

Problems Reporter::Deny(const Actor& actor) {
  ConsentRecord record = MakeConsent(Verdict::kDenied, offered_, {});
  record.who = actor.who;
  record.through = actor.through;
  for (int race = 0; race < kMaxRaces; ++race) {
    Result<Moment> moment = Look();
    if (!moment.ok()) return std::move(moment).problems();
    Moment now = std::move(moment).value();
    if (WasOvertaken(actor, now.state())) return Overtaken();
    const std::optional<ConsentRecord>& last = now.state().consent;
    if (last && last->verdict == Verdict::kDenied) return {};
    Problems problems = Decided(now, record, nullptr);
    if (!IsConflict(problems)) return problems;
  }
  return TooManyRaces();
}

Problems Reporter::Withdraw(const Actor& actor, const std::string& id) {
  for (int race = 0; race < kMaxRaces; ++race) {
    Result<Moment> moment = Look();
    if (!moment.ok()) return std::move(moment).problems();
    Moment now = std::move(moment).value();
    if (!now.snapshot.pending || (!id.empty() && now.snapshot.pending->id != id)) {
      return Only(ErrorCode::kNotFound,
                  id.empty() ? "no report is waiting" : "this report does not wait");
    }
    const SealedReport pending = *now.snapshot.pending;
    StateChange change = TakeBackChange(
        now.state(), pending,
        {"withdrawn by " + actor.who + " through " + actor.through, true, now.now()});
    // The next one is a period away, as if this one had gone out.
    if (!pending.uncertain) change.state.due_at = now.now() + PeriodMs();
    Problems problems = Apply(now, std::move(change));
    if (problems.empty()) {
      log_.Write(LogEvent::kWithdrawn, "Report " + pending.id + " was withdrawn by " + actor.who +
                                           " through " + actor.through + ".");
    }
    if (!IsConflict(problems)) return problems;
  }
  return TooManyRaces();
}

}  // namespace candor
