#include "native/reporter/life.h"

#include <algorithm>
#include <utility>

#include "core/json_writer.h"
#include "core/sink.h"
#include "core/text.h"

namespace candor {
namespace {

template <typename Fill>
StateChange::Event MakeEvent(std::string kind, Fill&& fill) {
  return {std::move(kind), JsonObject(fill)};
}

void Member(JsonWriter& writer, std::string_view key, std::string_view text) {
  writer.Key(key);
  writer.String(text);
}
void Member(JsonWriter& writer, std::string_view key, std::int64_t number) {
  writer.Key(key);
  writer.Integer(number);
}

StateChange::Event ConsentEvent(const ConsentRecord& record) {
  StringSink sink;
  JsonWriter writer(sink);
  WriteConsent(record, writer);
  writer.Finish();
  return {"consent", std::move(sink).text()};
}

StateChange::Event SealedEvent(const SealedReport& report) {
  return MakeEvent("sealed", [&](JsonWriter& writer) {
    Member(writer, "report", report.id);
    Member(writer, "kind", Name(report.kind));
    Member(writer, "digest", report.digest);
    Member(writer, "bytes", report.size);
    Member(writer, "catalogue", report.catalogue);
    Member(writer, "scopeDigest", report.scope_digest);
    Member(writer, "fromMs", report.from);
    Member(writer, "toMs", report.to);
    Member(writer, "consentSeq", report.consent_seq);
    writer.Key("withheld");
    writer.BeginArray();
    for (const std::string& id : report.withheld) writer.String(id);
    writer.EndArray();
  });
}

SealedReport ReportOf(const State& state, const Candidate& candidate, ReportKind kind,
                      const std::string& id) {
  SealedReport report;
  report.id = id;
  report.kind = kind;
  report.bytes = candidate.bytes;
  report.digest = candidate.digest;
  report.size = static_cast<std::int64_t>(candidate.bytes.size());
  report.catalogue = candidate.catalogue;
  report.scope_digest = candidate.scope_digest;
  report.withheld = candidate.withheld;
  report.sealed_at = report.changed_at = candidate.to;
  report.from = candidate.from;
  report.to = candidate.to;
  report.consent_seq = state.consent_seq;
  report.counted_from = state.baselines;
  return report;
}

bool IsAgreed(const State& state) {
  return state.consent && state.consent->verdict == Verdict::kGranted;
}

// Whether `more` holds back something that `report` may carry.
bool WithholdsMore(const std::vector<std::string>& more, const SealedReport& report) {
  return !std::all_of(more.begin(), more.end(), [&report](const std::string& id) {
    return std::find(report.withheld.begin(), report.withheld.end(), id) != report.withheld.end();
  });
}

// Text from outside as it is, unless it is no text at all.
std::string Storable(const std::string& bytes) {
  return FindInvalidUtf8(bytes) == std::string::npos ? bytes : Quotable(bytes, kMaxReceiptBytes);
}

// The counts of a report that was shown before the yes may leave in its own bytes only.
bool CountsMayReturn(const SealedReport& report) { return report.kind != ReportKind::kShown; }

void ResetAttempts(State& state) {
  state.failed_rounds = 0;
  state.retry_at.reset();
}

void Restart(StateChange& change, const CounterTotals& totals, std::string_view why) {
  change.state.baselines = Advance(change.state.baselines, totals);
  change.state.counting_since = change.at;
  change.journal.push_back(
      MakeEvent("restarted", [why](JsonWriter& writer) { Member(writer, "why", why); }));
}

void Settle(StateChange& change, SealedReport report, Fate fate, UnixMillis now) {
  report.fate = fate;
  report.changed_at = now;
  if (report.kind == ReportKind::kInitial) {
    change.state.initial = fate;
  } else {
    change.state.pending.clear();
  }
  report.counted_from.clear();
  report.bytes.clear();  // The store keeps those it has.
  change.report = std::move(report);
}

}  // namespace

StateChange ChangeOf(const State& state, UnixMillis now) {
  StateChange change;
  change.state = state;
  change.at = now;
  return change;
}

Judgement Judge(const PostResult& result) {
  if (result.outcome != PostResult::Outcome::kAnswered) {
    return {Ended::kRetry, result.outcome == PostResult::Outcome::kUncertain};
  }
  const int status = result.status;
  if (status >= 200 && status < 300) return {Ended::kAccepted, true};
  // A service that is overloaded or wants the request again has not kept it; one that failed may.
  if (status == 425 || status == 429) return {Ended::kRetry, false};
  if (status == 408 || status >= 500) return {Ended::kRetry, true};
  if (status < 400) return {Ended::kRetry, false};
  return {Ended::kRejected, false};
}

StateChange InstallationChange(const State& state, const std::string& id, UnixMillis now) {
  StateChange change = ChangeOf(state, now);
  change.state.installation = id;
  change.state.counting_since = now;
  change.journal.push_back(
      MakeEvent("installation", [&](JsonWriter& writer) { Member(writer, "id", id); }));
  return change;
}

StateChange RestartChange(const State& state, const CounterTotals& totals, UnixMillis now) {
  StateChange change = ChangeOf(state, now);
  Restart(change, totals, "the state was recovered without knowing what was reported");
  return change;
}

StateChange TakeBackChange(const State& state, const SealedReport& pending, const TakingBack& how) {
  StateChange change = ChangeOf(state, how.now);
  const bool returns = !pending.uncertain && !how.drop && CountsMayReturn(pending);
  if (returns && pending.kind != ReportKind::kInitial) {
    change.state.baselines = pending.counted_from;
    change.state.counting_since = pending.from;
  }
  ResetAttempts(change.state);
  if (pending.uncertain && pending.kind != ReportKind::kInitial) {
    change.state.last_accepted_at = how.now;
    change.state.due_at.reset();
  }
  change.journal.push_back(MakeEvent(returns ? "dissolved" : "withdrawn", [&](JsonWriter& writer) {
    Member(writer, "report", pending.id);
    Member(writer, "why", how.why);
    if (returns) return;
    writer.Key("mayHaveArrived");
    writer.Boolean(pending.uncertain);
  }));
  Settle(change, pending, returns ? Fate::kDissolved : Fate::kWithdrawn, how.now);
  return change;
}

namespace {

// What a yes covers anew starts at `totals`, also if a report that waits is taken back later: it
// carries nothing of it.
void StartAnew(StateChange& change, const std::optional<SealedReport>& pending,
               const CounterTotals& totals) {
  change.state.baselines = AdvanceSome(change.state.baselines, totals);
  if (!pending || change.report) return;
  SealedReport waiting = *pending;
  waiting.bytes.clear();
  waiting.counted_from = AdvanceSome(waiting.counted_from, totals);
  change.report = std::move(waiting);
}

}  // namespace

StateChange ConsentChange(const DecisionInputs& inputs) {
  const State& old = inputs.snapshot.state;
  const ConsentRecord& record = inputs.record;
  const UnixMillis now = record.when_ms;
  const bool yes = record.verdict == Verdict::kGranted;
  StateChange change = ChangeOf(old, now);
  const std::optional<SealedReport>& pending = inputs.snapshot.pending;
  if (pending && (!yes || WithholdsMore(record.withheld, *pending))) {
    change =
        TakeBackChange(old, *pending, {yes ? "more is withheld" : "somebody said no", !yes, now});
  }
  change.state.consent = record;
  change.journal.push_back(ConsentEvent(record));
  if (!yes) {
    change.wipe_reports = true;
    change.facts = "";
    return change;
  }
  if (inputs.shown != nullptr && !pending) {
    SealedReport report =
        ReportOf(change.state, *inputs.shown, ReportKind::kShown, inputs.report_id);
    // What was counted after the look is in no bytes that anybody said yes to.
    change.state.baselines =
        AdvanceSome(Advance(change.state.baselines, inputs.shown->totals), inputs.totals);
    change.state.counting_since = now;
    change.state.pending = report.id;
    change.journal.push_back(SealedEvent(report));
    change.report = std::move(report);
  } else if (!IsAgreed(old)) {
    Restart(change, inputs.totals, "what was counted before the yes is dropped");
  } else if (!inputs.totals.values.empty()) {
    StartAnew(change, pending, inputs.totals);
  }
  if (!IsAgreed(old)) {
    change.state.due_at = inputs.first_due;
    ResetAttempts(change.state);
  }
  return change;
}

StateChange SealChange(const State& state, const Candidate& candidate, ReportKind kind,
                       const std::string& id) {
  StateChange change = ChangeOf(state, candidate.to);
  SealedReport report = ReportOf(state, candidate, kind, id);
  change.state.baselines = Advance(change.state.baselines, candidate.totals);
  change.state.counting_since = candidate.to;
  change.state.pending = id;
  change.journal.push_back(SealedEvent(report));
  change.report = std::move(report);
  return change;
}

StateChange SealInitialChange(const State& state, const Candidate& candidate,
                              const std::string& id) {
  StateChange change = ChangeOf(state, candidate.to);
  SealedReport report = ReportOf(state, candidate, ReportKind::kInitial, id);
  report.counted_from.clear();
  change.state.initial = Fate::kSealed;
  change.journal.push_back(SealedEvent(report));
  change.report = std::move(report);
  return change;
}

StateChange AttemptChange(const State& state, const SealedReport& report, UnixMillis now) {
  StateChange change = ChangeOf(state, now);
  if (report.attempts == 0) {
    change.journal.push_back(
        MakeEvent("attempted", [&](JsonWriter& writer) { Member(writer, "report", report.id); }));
  }
  SealedReport attempted = report;
  attempted.bytes.clear();
  attempted.attempts += 1;
  attempted.uncertain = true;
  attempted.fate = Fate::kAttempted;
  attempted.changed_at = now;
  if (report.kind == ReportKind::kInitial) change.state.initial = Fate::kAttempted;
  change.report = std::move(attempted);
  return change;
}

namespace {

StateChange AcceptedChange(const State& state, const SealedReport& report, const Ending& ending) {
  StateChange change = ChangeOf(state, ending.now);
  SealedReport accepted = report;
  accepted.uncertain = false;
  accepted.receipt = Storable(ending.result.receipt);
  accepted.last_error.clear();
  change.journal.push_back(MakeEvent("accepted", [&](JsonWriter& writer) {
    Member(writer, "report", report.id);
    Member(writer, "status", ending.result.status);
    Member(writer, "receipt", accepted.receipt);
  }));
  ResetAttempts(change.state);
  if (report.kind != ReportKind::kInitial) {
    change.state.last_accepted_at = ending.now;
    change.state.due_at.reset();  // A period from now, also where it was planned for sooner.
  }
  Settle(change, std::move(accepted), Fate::kAccepted, ending.now);
  return change;
}

StateChange RejectedChange(const State& state, const SealedReport& report, const Ending& ending) {
  StateChange change = ChangeOf(state, ending.now);
  const bool returns = !ending.was_uncertain && CountsMayReturn(report);
  if (returns && report.kind != ReportKind::kInitial) {
    change.state.baselines = report.counted_from;
    change.state.counting_since = report.from;
  }
  change.journal.push_back(MakeEvent("rejected", [&](JsonWriter& writer) {
    Member(writer, "report", report.id);
    Member(writer, "status", ending.result.status);
    writer.Key("countsReturn");
    writer.Boolean(returns);
  }));
  ResetAttempts(change.state);
  // The next one is a period away, as after an acceptance: what was refused will be refused again.
  if (report.kind != ReportKind::kInitial) change.state.due_at = ending.next_at;
  SealedReport rejected = report;
  rejected.uncertain = ending.was_uncertain;
  Settle(change, std::move(rejected), Fate::kRejected, ending.now);
  return change;
}

}  // namespace

StateChange EndingChange(const State& state, const SealedReport& report, const Ending& ending) {
  const Judgement judgement = Judge(ending.result);
  SealedReport ended = report;
  ended.status = ending.result.status;
  ended.last_error = Storable(ending.result.error);
  if (judgement.ended == Ended::kAccepted) return AcceptedChange(state, ended, ending);
  if (judgement.ended == Ended::kRejected) return RejectedChange(state, ended, ending);
  StateChange change = ChangeOf(state, ending.now);
  ended.bytes.clear();
  ended.uncertain = ending.was_uncertain || judgement.may_have_arrived;
  ended.changed_at = ending.now;
  if (!ended.uncertain) ended.fate = Fate::kSealed;
  if (!ended.uncertain && report.kind == ReportKind::kInitial) change.state.initial = Fate::kSealed;
  change.state.retry_at = ending.next_at;
  change.state.failed_rounds += 1;
  change.report = std::move(ended);
  return change;
}

namespace {

void AddKeys(StateChange& change, const PublishedKeys& keys) {
  if (keys.fresh.empty()) return;
  auto& known = change.state.receipt_keys;
  known.insert(known.end(), keys.fresh.begin(), keys.fresh.end());
  change.journal.push_back(MakeEvent("keys", [&](JsonWriter& writer) {
    Member(writer, "from", keys.from);
    writer.Key("keys");
    writer.BeginArray();
    for (const ReceiptKey& key : keys.fresh) writer.String(key.bytes);
    writer.EndArray();
  }));
}

}  // namespace

StateChange KeysChange(const State& state, const PublishedKeys& keys, UnixMillis now) {
  StateChange change = ChangeOf(state, now);
  change.state.keys_asked_at = now;
  AddKeys(change, keys);
  return change;
}

StateChange ErasableChange(const State& state, const std::string& secret, UnixMillis now) {
  StateChange change = ChangeOf(state, now);
  change.state.erasure_secret = secret;
  return change;
}

StateChange ErasedChange(const State& state, std::int64_t reports, const std::string& who,
                         UnixMillis now) {
  StateChange change = ChangeOf(state, now);
  change.journal.push_back(MakeEvent("erased", [&](JsonWriter& writer) {
    Member(writer, "reports", reports);
    Member(writer, "who", who);
  }));
  return change;
}

StateChange ReceiptChange(const State& state, const SealedReport* report,
                          const BroughtReceipt& brought, UnixMillis now) {
  StateChange change = ChangeOf(state, now);
  if (report != nullptr && !IsSettled(report->fate)) {
    Ending ending;
    ending.result.receipt = brought.text;
    ending.now = now;
    change = AcceptedChange(state, *report, ending);
  } else {
    change.journal.push_back(MakeEvent("receipt", [&](JsonWriter& writer) {
      Member(writer, "report", report == nullptr ? "" : report->id);
      Member(writer, "digest", brought.digest);
      Member(writer, "receipt", brought.text);
    }));
    if (report != nullptr && report->receipt.empty()) {
      change.report = *report;
      change.report->receipt = brought.text;
    }
  }
  AddKeys(change, brought.keys);
  return change;
}

}  // namespace candor
