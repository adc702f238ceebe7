#include "native/reporter/reporter.h"

#include <algorithm>
#include <utility>

#include "core/scope.h"
#include "core/sha256.h"
#include "native/reporter/life.h"
#include "native/reporter/reporter_moment.h"

namespace candor {
namespace {

constexpr std::size_t kRecentReports = 8;

}  // namespace

Reporter::Reporter(ReporterParts parts, Catalogue offered, std::int64_t started_boot_ms)
    : parts_(std::move(parts)),
      offered_(std::move(offered)),
      started_boot_ms_(started_boot_ms),
      log_(parts_.log, parts_.clock) {}

Result<Reporter::Moment> Reporter::Look() {
  Result<Snapshot> snapshot = parts_.store.Read();
  if (!snapshot.ok()) return std::move(snapshot).problems();
  Moment moment{std::move(snapshot).value(), ReadClocks(parts_.clock)};
  moment.boot_ms = moment.clocks.boot_ms;
  if (moment.snapshot.wall) moment.clocks = {"", 0, *moment.snapshot.wall};
  const std::int64_t jump = FollowClock(moment.snapshot.state, moment.clocks);
  if (std::optional<SealedReport>& pending = moment.snapshot.pending; pending && jump != 0) {
    pending->sealed_at += jump;
    moment.pending_moved = true;
  }
  return moment;
}

Problems Reporter::Apply(Moment& moment, StateChange change) {
  change.state.anchor = moment.clocks;
  // Its time of sealing is relative to the anchor, too.
  const std::optional<SealedReport>& pending = moment.snapshot.pending;
  if (moment.pending_moved && !change.report && change.state.pending == pending->id) {
    change.report = pending;
    change.report->bytes.clear();
  }
  const Result<std::int64_t> applied = parts_.store.Apply(change, moment.snapshot.revision);
  if (!applied.ok()) return applied.problems();
  Result<Moment> next = Look();
  if (!next.ok()) return std::move(next).problems();
  moment = std::move(next).value();
  return {};
}

Problems Reporter::EnsureInstallation(Moment& moment) {
  for (int race = 0; race < kMaxRaces; ++race) {
    const State& state = moment.state();
    const bool is_new = state.installation.empty();
    if (!is_new && state.counting_since) return EnsureErasable(moment);
    const std::string id = is_new ? NewUuid(parts_.random) : state.installation;
    const Result<CounterTotals> totals = is_new ? CounterTotals() : Totals(moment);
    if (!totals.ok()) return totals.problems();
    const Problems problems =
        Apply(moment, is_new ? InstallationChange(state, id, moment.now())
                             : RestartChange(state, totals.value(), moment.now()));
    if (problems.empty() && is_new) {
      log_.Write(LogEvent::kInstallation, "The installation has the id " + id + ".");
    }
    if (problems.empty()) return EnsureErasable(moment);
    if (!IsConflict(problems)) return problems;
    Result<Moment> again = Look();
    if (!again.ok()) return std::move(again).problems();
    moment = std::move(again).value();
  }
  return TooManyRaces();
}

std::int64_t Reporter::PeriodMs() const {
  return std::max<std::int64_t>(parts_.config.reporting_period_s.value, 1) * 1000;
}

Decision Reporter::Decide(const Moment& moment) const {
  const State& state = moment.state();
  ReporterState known;
  known.installation = state.installation;
  known.started_at = moment.now() - (moment.boot_ms - started_boot_ms_);
  known.consent = state.consent;
  known.last_accepted_at = state.last_accepted_at;
  known.due_at = state.due_at;
  known.retry_at = state.retry_at;
  if (moment.snapshot.pending) known.sealed_at = moment.snapshot.pending->sealed_at;
  return candor::Decide(parts_.config, offered_, known, moment.now());
}

Result<Candidate> Reporter::MakeNow(const Moment& moment) {
  Result<CounterTotals> totals = Totals(moment);
  if (!totals.ok()) return std::move(totals).problems();
  const std::string facts = parts_.source.Facts();
  return MakeCandidate(
      {parts_.config, offered_, moment.state(), facts, std::move(totals).value(), moment.now()});
}

Result<Reporter::Moment> Reporter::LookToPreview() {
  Result<Moment> looked = Look();
  if (!looked.ok()) return std::move(looked).problems();
  Moment moment = std::move(looked).value();
  // A reporter that is not activated sends nothing, and can be asked all the same.
  if (const Decision decision = Decide(moment);
      decision.action == Action::kOff && Rule(decision) != "reporter-activate") {
    return Only(ErrorCode::kConflict, Why(decision));
  }
  if (Problems problems = EnsureInstallation(moment); !problems.empty()) return problems;
  return moment;
}

Result<Candidate> Reporter::Preview() {
  const Result<Moment> moment = LookToPreview();
  if (!moment.ok()) return moment.problems();
  return MakeNow(moment.value());
}

Result<Candidate> Reporter::PreviewGrant(std::vector<std::string> withheld) {
  if (const Result<Catalogue> narrowed = Withhold(offered_, withheld); !narrowed.ok()) {
    return narrowed.problems();
  }
  Result<Moment> looked = LookToPreview();
  if (!looked.ok()) return std::move(looked).problems();
  Moment moment = std::move(looked).value();
  moment.snapshot.state.consent = MakeConsent(Verdict::kGranted, offered_, std::move(withheld));
  return MakeNow(moment);
}

Result<ReporterStatus> Reporter::Status() {
  Result<Moment> looked = Look();
  if (!looked.ok()) return std::move(looked).problems();
  const Moment moment = std::move(looked).value();
  ReporterStatus status;
  status.decision = Decide(moment);
  status.state = moment.state();
  status.pending = moment.snapshot.pending;
  if (status.pending) status.pending->bytes.clear();
  if (status.state.consent) {
    status.new_fields = DriftSince(*status.state.consent, offered_).uncovered;
  }
  Result<std::vector<SealedReport>> recent = parts_.store.ListReports(kRecentReports);
  if (!recent.ok()) return std::move(recent).problems();
  for (const SealedReport& report : recent.value()) {
    if (!IsSettled(report.fate)) continue;
    status.last = report;
    break;
  }
  return status;
}

std::optional<std::int64_t> Reporter::Step() {
  Result<Moment> looked = Look();
  if (!looked.ok()) {
    log_.StoreFailed(looked.problems());
    return kMinuteMs;
  }
  Moment moment = std::move(looked).value();
  const std::uint64_t failures = log_.store_failures();
  const std::optional<std::int64_t> next = Act(moment);
  // A full disk can be read, so reading alone does not say that it works.
  if (log_.store_failures() == failures) log_.StoreWorks();
  // What is counted here has to reach whichever node seals next.
  return parts_.store.node_counts() == nullptr ? next
                                               : std::min(next.value_or(kMinuteMs), kMinuteMs);
}

std::optional<std::int64_t> Reporter::Act(Moment& moment) {
  const auto failed = [this](const Problems& problems) { return StoreRefused(problems); };
  if (Decide(moment).action != Action::kOff) {
    if (Problems problems = EnsureInstallation(moment); !problems.empty()) return failed(problems);
    if (Problems problems = RecordInitialDecision(moment); !problems.empty()) {
      return failed(problems);
    }
  }
  Decision decision = Decide(moment);
  std::int64_t revision = moment.snapshot.revision;
  // What was decided before a change of the state must not be written over it.
  const auto renew = [&] {
    if (moment.snapshot.revision == revision) return;
    revision = moment.snapshot.revision;
    decision = Decide(moment);
  };
  log_.Decided(decision);
  if (Problems problems = KeepPromises(moment, decision); !problems.empty()) {
    return failed(problems);
  }
  renew();
  if (Problems problems = ShareCounts(moment, decision); !problems.empty()) {
    return failed(problems);
  }
  if (Problems problems = RememberFacts(moment, decision); !problems.empty()) {
    return failed(problems);
  }
  renew();
  std::optional<std::int64_t> next;
  if (decision.next) next = std::max<std::int64_t>(*decision.next - moment.now(), 0);
  if (MaySendInitial(moment, decision)) {
    const std::optional<std::int64_t> initial = SendInitial(moment);
    if (initial && *initial == 0) return 0;
    if (initial && (!next || *initial < *next)) next = initial;
    renew();
  }
  if (!IsAgreed(decision)) return next;
  if (Problems problems = RememberSchedule(moment, decision.schedule); !problems.empty()) {
    return failed(problems);
  }
  return decision.action == Action::kSend ? SendDue(moment) : next;
}

// At once after a conflict; otherwise the store is asked again in a minute.
std::int64_t Reporter::StoreRefused(const Problems& problems) {
  if (IsConflict(problems)) return 0;
  log_.StoreFailed(problems);
  return kMinuteMs;
}

bool Reporter::MaySendInitial(const Moment& moment, const Decision& decision) const {
  return parts_.config.initial_report.value && parts_.config.mode.value == Mode::kOnline &&
         !parts_.config.endpoint.value.empty() && !IsRefused(decision) &&
         InitialIsOpen(moment.state());
}

// A report may wait only under a yes that covers all of it.
Problems Reporter::KeepPromises(Moment& moment, const Decision& decision) {
  const std::optional<SealedReport>& pending = moment.snapshot.pending;
  std::string why;
  if (pending && MayNotWait(decision)) {
    why = Why(decision);
  } else if (pending) {
    const std::vector<std::string>& ids = parts_.config.withhold.value;
    const bool more = !std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
      return std::find(pending->withheld.begin(), pending->withheld.end(), id) !=
             pending->withheld.end();
    });
    if (more) why = "the configuration withholds more";
  }
  const bool off = decision.action == Action::kOff;
  if (why.empty() && !(off && !wiped_)) return {};
  StateChange change = ChangeOf(moment.state(), moment.now());
  if (!why.empty()) change = TakeBackChange(moment.state(), *pending, {why, false, moment.now()});
  if (off) {
    change.wipe_reports = true;
    change.facts = "";
  }
  const std::string id = pending ? pending->id : "";
  Problems problems = Apply(moment, std::move(change));
  if (problems.empty()) {
    wiped_ = off;
    if (!why.empty()) log_.Write(LogEvent::kDissolved, "Report " + id + " was taken back: " + why);
  }
  return problems;
}

// For commands that run beside the host; not where somebody said no.
Problems Reporter::RememberFacts(Moment& moment, const Decision& decision) {
  parts_.source.MayKeep(!IsRefused(decision));
  if (IsRefused(decision)) return {};
  // A no of another process has wiped them.
  const std::int64_t consent_seq = moment.state().consent_seq;
  if (remembered_ && remembered_->consent_seq != consent_seq) remembered_.reset();
  const std::optional<std::uint64_t> edition = parts_.source.Edition();
  if (remembered_ && edition && remembered_->edition == edition) return {};
  std::string facts = parts_.source.Facts();
  const std::string digest = Sha256Hex(facts);
  if (!remembered_) {
    const Result<std::string> stored = parts_.store.ReadFacts();
    if (!stored.ok()) return stored.problems();
    remembered_ = {Sha256Hex(stored.value()), consent_seq, std::nullopt};
  }
  if (digest != remembered_->digest) {
    StateChange change = ChangeOf(moment.state(), moment.now());
    change.facts = std::move(facts);
    if (Problems problems = Apply(moment, std::move(change)); !problems.empty()) return problems;
  }
  remembered_ = {digest, consent_seq, edition};
  return {};
}

// Also in an anchor of this run of the machine: without it the next jump of the clock is not seen.
Problems Reporter::RememberSchedule(Moment& moment, const Schedule& schedule) {
  const State& state = moment.state();
  std::optional<SealedReport>& pending = moment.snapshot.pending;
  if (pending && schedule.sealed_at && pending->sealed_at != *schedule.sealed_at) {
    pending->sealed_at = *schedule.sealed_at;
    moment.pending_moved = true;
  } else if (state.due_at == schedule.due_at && state.retry_at == schedule.retry_at &&
             state.last_accepted_at == schedule.last_accepted_at &&
             state.anchor.boot_id == moment.clocks.boot_id) {
    return {};
  }
  StateChange change = ChangeOf(state, moment.now());
  change.state.due_at = schedule.due_at;
  change.state.retry_at = schedule.retry_at;
  change.state.last_accepted_at = schedule.last_accepted_at;
  return Apply(moment, std::move(change));
}

}  // namespace candor
