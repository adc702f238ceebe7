// Sealing, attempts, and the last report of a process.
#include <algorithm>
#include <utility>

#include "core/time_text.h"
#include "native/reporter/life.h"
#include "native/reporter/reporter_moment.h"

namespace candor {
namespace {

// A process that ends soon after a report was accepted, within an hour for a day's period, leaves
// its counts for the next one.
constexpr std::int64_t kCloseGapsPerPeriod = 24;

// How long a sender that died keeps the others from sending: together with kTakeOverMs, after which
// they look again, less than a minute.
constexpr std::int64_t kHoldMs = 40'000;
constexpr std::int64_t kTakeOverMs = 15'000;
constexpr std::int64_t kBesideRequestMs = 25'000;

bool AnyCounted(const State& state, const CounterTotals& totals) {
  const auto counted = CountedSince(state.baselines, totals);
  return std::any_of(counted.begin(), counted.end(),
                     [](const auto& item) { return item.second != 0; });
}

}  // namespace

Result<SealedReport> Reporter::SealNow(Moment& moment, ReportKind kind) {
  Result<Candidate> candidate = MakeNow(moment);
  if (!candidate.ok()) return std::move(candidate).problems();
  // A power cut must not take counts back that a baseline already has.
  if (!parts_.source.SyncTotals()) {
    return Only(ErrorCode::kUnavailable, "the counters cannot be made durable");
  }
  Problems problems =
      Apply(moment, SealChange(moment.state(), candidate.value(), kind, NewUuid(parts_.random)));
  if (!problems.empty()) return problems;
  if (!moment.snapshot.pending) {
    return Only(ErrorCode::kConflict, "the report was taken back as soon as it was sealed");
  }
  const SealedReport& sealed = *moment.snapshot.pending;
  log_.FactsValid();
  log_.Write(LogEvent::kSealed, "Report " + sealed.id + " is sealed: SHA-256 " + sealed.digest +
                                    ", " + std::to_string(sealed.size) + " bytes.");
  return sealed;
}

Result<SealedReport> Reporter::Seal(ReportKind kind) {
  for (int race = 0; race < kMaxRaces; ++race) {
    Result<Moment> looked = Look();
    if (!looked.ok()) return std::move(looked).problems();
    Moment moment = std::move(looked).value();
    if (Problems problems = RecordInitialDecision(moment); !problems.empty()) return problems;
    const Decision decision = Decide(moment);
    if (MayNotWait(decision)) return Only(ErrorCode::kConflict, Why(decision));
    const std::int64_t revision = moment.snapshot.revision;
    Problems problems = KeepPromises(moment, decision);
    if (moment.snapshot.revision != revision || IsConflict(problems)) continue;
    if (!problems.empty()) return problems;
    if (moment.snapshot.pending) return *moment.snapshot.pending;
    problems = EnsureInstallation(moment);
    if (!problems.empty()) return problems;
    Result<SealedReport> sealed = SealNow(moment, kind);
    if (sealed.ok() || !IsConflict(sealed.problems())) return sealed;
  }
  return TooManyRaces();
}

bool Reporter::Waits(const Moment& moment, const SealedReport& report) const {
  if (report.kind != ReportKind::kInitial) return moment.state().pending == report.id;
  return MaySendInitial(moment, Decide(moment));
}

std::int64_t Reporter::HoldMs() const {
  return std::max(kHoldMs, parts_.config.request_timeout_ms.value + kBesideRequestMs);
}

// One attempt. The report as it is afterwards.
Result<SealedReport> Reporter::Attempt(Moment& moment, const SealedReport& report) {
  const Result<Transport*> transport = parts_.transport();
  PostResult result;
  SealedReport attempted = report;
  if (!transport.ok()) {
    result.error = transport.error().message;
  } else {
    StateChange begin = AttemptChange(moment.state(), report, moment.now());
    attempted = *begin.report;
    if (Problems problems = Apply(moment, std::move(begin)); !problems.empty()) return problems;
    // Somebody may have said no in between, and knows that nothing leaves from now on.
    if (!Waits(moment, report)) return attempted;
    log_.Write(LogEvent::kSending, "Sending report " + report.id + ", SHA-256 " + report.digest +
                                       ", to " + parts_.config.endpoint.value + ".");
    result = transport.value()->Post({report.bytes, report.id, report.digest});
  }
  const Judgement judgement = Judge(result);
  const std::int64_t period = PeriodMs();
  for (int race = 0; race < kMaxRaces; ++race) {
    Result<Moment> looked = Look();
    if (!looked.ok()) return std::move(looked).problems();
    moment = std::move(looked).value();
    const std::int64_t delay =
        judgement.ended == Ended::kRejected
            ? period
            : RetryDelay(moment.state().failed_rounds + 1, parts_.config.request_retries.value,
                         period, result.retry_after_ms, parts_.random);
    if (!Waits(moment, report))
      return attempted;  // Taken back meanwhile; the journal says that it may have arrived.
    // As it waits now: a decision meanwhile may have changed where its counts would return to.
    if (moment.snapshot.pending && moment.snapshot.pending->id == report.id) {
      attempted = *moment.snapshot.pending;
    }
    StateChange end = EndingChange(moment.state(), attempted,
                                   {result, report.uncertain, moment.now(), moment.now() + delay});
    const SealedReport ended = *end.report;
    Problems problems = Apply(moment, std::move(end));
    if (IsConflict(problems)) continue;
    if (!problems.empty()) return problems;
    log_.AttemptEnded(ended, judgement.ended == Ended::kAccepted,
                      judgement.ended == Ended::kRejected);
    return ended;
  }
  return TooManyRaces();
}

Problems Reporter::RefuseNow(const Moment& moment, bool after_review) const {
  const Decision decision = Decide(moment);
  if (!IsAgreed(decision)) return Only(ErrorCode::kConflict, Why(decision));
  const std::optional<SealedReport>& pending = moment.snapshot.pending;
  if (!after_review || !pending) return {};
  const Setting<std::int64_t>& window = parts_.config.review_window_s;
  const UnixMillis until = pending->sealed_at + window.value * 1000;
  if (moment.now() >= until) return {};
  return Only(ErrorCode::kConflict, "The sealed report is in sight until " + TimeText(until) +
                                        " (" + window.origin + ").");
}

Problems Reporter::CheckHasten() {
  const Result<Moment> looked = Look();
  if (!looked.ok()) return looked.problems();
  Problems problems = RefuseNow(looked.value(), true);
  if (!problems.empty() || looked.value().snapshot.pending) return problems;
  const Result<Candidate> candidate = Preview();
  return candidate.ok() ? Problems() : candidate.problems();
}

void Reporter::Hasten() {
  if (!CheckHasten().empty()) return;
  const Result<SendOutcome> sent = SendNow(true);
  if (sent.ok() || IsConflict(sent.problems())) return;
  // A store that fails is told by the next step, and another process that sends tells itself.
  if (sent.error().code != ErrorCode::kUnavailable) log_.FactsInvalid(sent.problems());
}

Result<SendOutcome> Reporter::SendNow() { return SendNow(false); }

Result<SendOutcome> Reporter::SendNow(bool after_review) {
  Result<std::unique_ptr<SenderLock>> lock = parts_.store.TryLockSender(HoldMs());
  if (!lock.ok()) return std::move(lock).problems();
  if (lock.value() == nullptr) {
    return Only(ErrorCode::kUnavailable, "another process is sending right now");
  }
  Result<SealedReport> sealed = Seal(ReportKind::kManual);
  if (!sealed.ok()) return std::move(sealed).problems();
  Result<Moment> looked = Look();
  if (!looked.ok()) return std::move(looked).problems();
  Moment moment = std::move(looked).value();
  if (Problems problems = RefuseNow(moment, after_review); !problems.empty()) return problems;
  Result<SealedReport> ended = Attempt(moment, sealed.value());
  if (!ended.ok()) return std::move(ended).problems();
  std::move(lock).value().reset();
  static_cast<void>(RememberKeys(ended.value()));
  SendOutcome outcome;
  outcome.report = std::move(ended).value();
  outcome.report.bytes.clear();
  outcome.accepted = outcome.report.fate == Fate::kAccepted;
  outcome.message = outcome.report.last_error;
  return outcome;
}

std::optional<std::int64_t> Reporter::SendInitial(Moment& moment) {
  const bool undecided = !moment.state().consent.has_value();
  const std::int64_t first = std::min(
      undecided ? kUndecidedMs : kFirstRunMs + PhaseOf(moment.state().installation), PeriodMs());
  std::int64_t wait = first - (moment.boot_ms - started_boot_ms_);
  if (const auto& retry = moment.state().retry_at) wait = std::max(wait, *retry - moment.now());
  if (wait > 0) return wait;
  Result<std::unique_ptr<SenderLock>> lock = parts_.store.TryLockSender(HoldMs());
  if (!lock.ok() || lock.value() == nullptr) return kMinuteMs;

  const std::string id = InitialReportId(moment.state().installation);
  Result<SealedReport> report = parts_.store.ReadReport(id);
  if (!report.ok()) {
    const Result<Catalogue> initial = SelectProfile(parts_.catalogue, "initial");
    if (!initial.ok()) return std::nullopt;  // This product has none.
    const std::string facts = parts_.source.Facts();
    const Result<Candidate> candidate = MakeInitialCandidate(
        {parts_.config, offered_, moment.state(), facts, {}, moment.now()}, initial.value());
    if (!candidate.ok()) {
      log_.FactsInvalid(candidate.problems());
      return kHourMs;
    }
    const Problems problems =
        Apply(moment, SealInitialChange(moment.state(), candidate.value(), id));
    if (!problems.empty()) return StoreRefused(problems);
    report = parts_.store.ReadReport(id);
  }
  if (!report.ok()) return kHourMs;
  if (report.value().bytes.empty()) {
    // A no wiped them; a later yes does not bring them back.
    const Problems problems = Apply(
        moment,
        TakeBackChange(moment.state(), report.value(), {"somebody said no", true, moment.now()}));
    return problems.empty() ? 0 : StoreRefused(problems);
  }
  const Result<SealedReport> ended = Attempt(moment, report.value());
  if (!ended.ok()) return StoreRefused(ended.problems());
  return 0;
}

std::optional<std::int64_t> Reporter::SendDue(Moment& moment) {
  Result<std::unique_ptr<SenderLock>> lock = parts_.store.TryLockSender(HoldMs());
  if (!lock.ok()) return StoreRefused(lock.problems());
  if (lock.value() == nullptr) return kTakeOverMs;
  Result<Moment> again = Look();
  if (!again.ok()) return StoreRefused(again.problems());
  moment = std::move(again).value();
  if (Decide(moment).action != Action::kSend) return 0;
  if (!moment.snapshot.pending) {
    const Result<SealedReport> sealed = SealNow(moment, ReportKind::kScheduled);
    if (!sealed.ok()) {
      if (IsConflict(sealed.problems())) return 0;
      if (sealed.error().code == ErrorCode::kUnavailable) return StoreRefused(sealed.problems());
      log_.FactsInvalid(sealed.problems());
      return std::min(kHourMs, PeriodMs());
    }
    if (parts_.config.review_window_s.value > 0) return 0;
  }
  const SealedReport report = *moment.snapshot.pending;
  const Result<SealedReport> ended = Attempt(moment, report);
  if (!ended.ok()) return StoreRefused(ended.problems());
  std::move(lock).value().reset();
  const Problems problems = RememberKeys(ended.value());
  return problems.empty() ? 0 : StoreRefused(problems);
}

void Reporter::Close() {
  Result<Moment> looked = Look();
  if (!looked.ok()) return;
  Moment moment = std::move(looked).value();
  Decision decision = Decide(moment);
  parts_.source.MayKeep(!IsRefused(decision));
  if (IsAgreed(decision)) {
    if (!KeepPromises(moment, decision).empty()) return;
    decision = Decide(moment);
  }
  if (!IsAgreed(decision)) return;
  const Result<CounterTotals> totals = Totals(moment);
  if (!totals.ok() || parts_.config.review_window_s.value > 0) return;
  Result<std::unique_ptr<SenderLock>> lock = parts_.store.TryLockSender(HoldMs());
  if (!lock.ok() || lock.value() == nullptr) return;
  if (!moment.snapshot.pending) {
    const auto& accepted = moment.state().last_accepted_at;
    const bool recent = accepted && moment.now() - *accepted < PeriodMs() / kCloseGapsPerPeriod;
    if (decision.action != Action::kSend &&
        (recent || !AnyCounted(moment.state(), totals.value()))) {
      return;
    }
    if (!SealNow(moment, ReportKind::kClose).ok()) return;
  } else if (decision.action != Action::kSend) {
    return;
  }
  const SealedReport report = *moment.snapshot.pending;
  static_cast<void>(Attempt(moment, report));
}

}  // namespace candor
