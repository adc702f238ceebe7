#include "core/decision.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/sha256.h"
#include "core/text.h"
#include "core/time_text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxInstallationBytes = 1024;

// a + b, stopping at the ends. REQUIRES: b >= 0.
std::int64_t Later(std::int64_t a, std::int64_t b) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return a > most - b ? most : a + b;
}

std::int64_t MillisOf(std::int64_t seconds, std::int64_t least) {
  return std::max(least, std::min(seconds, std::numeric_limits<std::int64_t>::max() / 1000)) * 1000;
}

std::string From(const std::string& origin) { return " (" + Quotable(origin, 200) + ")"; }

class Decider {
 public:
  Decider(const Config& config, const Catalogue& catalogue, const ReporterState& state,
          UnixMillis now)
      : config_(config),
        catalogue_(catalogue),
        state_(state),
        now_(now),
        period_(MillisOf(config.reporting_period_s.value, 1)),
        start_(std::min(state.started_at.value_or(now), now)) {
    decision_.schedule = {state.last_accepted_at, state.due_at, state.retry_at, state.sealed_at};
  }

  Decision Run() && {
    if (MaySend() && IsAgreed() && HasEndpoint()) Plan();
    return std::move(decision_);
  }

 private:
  void Say(std::string rule, std::string text) {
    decision_.reasons.push_back({std::move(rule), std::move(text)});
  }
  // Settles it: always false, for the caller to return.
  bool No(Action action, std::string rule, std::string text) {
    Say(std::move(rule), std::move(text));
    decision_.action = action;
    return false;
  }

  // Looking again now and then, as another node may have recorded a decision.
  bool Denied(std::string rule, std::string text) {
    decision_.next = Later(now_, period_);
    return No(Action::kCollect, std::move(rule), std::move(text));
  }
  bool Undecided(std::string rule, std::string text) {
    const UnixMillis first = Later(start_, std::min(kUndecidedMs, period_));
    decision_.next = first > now_ ? first : Later(now_, period_);
    decision_.asks = true;
    return No(Action::kAsk, std::move(rule), std::move(text));
  }

  bool MaySend() {
    const std::string tracked = From(config_.do_not_track.origin);
    if (config_.do_not_track.value) {
      return No(Action::kOff, "do-not-track",
                "DO_NOT_TRACK is set" + tracked + ": nothing is collected, shown or sent.");
    }
    Say("do-not-track", "DO_NOT_TRACK is not set" + tracked + ".");
    const std::string active = From(config_.reporter_activate.origin);
    if (!config_.reporter_activate.value) {
      return No(Action::kOff, "reporter-activate",
                "The reporter is switched off" + active + ": nothing is collected, shown or sent.");
    }
    Say("reporter-activate", "The reporter is switched on" + active + ".");
    const std::string mode = From(config_.mode.origin);
    if (config_.mode.value == Mode::kDisabled) {
      return No(Action::kOff, "mode",
                "The mode is disabled" + mode + ": nothing is collected, shown or sent.");
    }
    if (config_.mode.value == Mode::kDownload) {
      return No(Action::kCollect, "mode",
                "The mode is download" + mode + ": reports are shown and never sent.");
    }
    Say("mode", "The mode is online" + mode + ": reports are sent if somebody agreed.");
    return true;
  }

  bool IsAgreed() {
    if (!state_.consent) return IsAgreedAtFirstStart();
    const ConsentRecord& record = *state_.consent;
    const std::string whose = Quotable(record.who, 100) + " at " + TimeText(record.when_ms) +
                              " through " + Quotable(record.through, 40);
    if (record.verdict != Verdict::kGranted) {
      return Denied("consent", "Denied by " + whose + ": reports are shown and never sent.");
    }
    if (ScopeOf(CoveredBy(record, catalogue_)).empty()) {
      return Undecided("consent", "The consent of " + whose + " covers nothing of the catalogue " +
                                      Quotable(catalogue_.name) +
                                      ": nothing is sent until somebody decides.");
    }
    const ConsentDrift drift = DriftSince(record, catalogue_);
    decision_.asks = drift.asks_again;
    Say("consent",
        "Agreed by " + whose +
            (drift.asks_again ? "; " + Decimal(static_cast<std::int64_t>(drift.uncovered.size())) +
                                    " entries came later and are left out until somebody decides."
                              : "."));
    return true;
  }

  bool IsAgreedAtFirstStart() {
    Say("consent", "No decision is recorded.");
    const std::optional<bool>& initial = config_.initialize_telemetry.value;
    const std::string origin = From(config_.initialize_telemetry.origin);
    if (!initial) {
      return Undecided("initialize-telemetry", "initializeTelemetry is not given" + origin +
                                                   ": nothing is sent until somebody decides.");
    }
    if (!*initial) {
      return Denied("initialize-telemetry", "initializeTelemetry is false" + origin +
                                                ": reports are shown and never sent.");
    }
    Say("initialize-telemetry", "initializeTelemetry is true" + origin + ": that is a yes.");
    return true;
  }

  // Nothing looks again: only a change of the configuration, which is a new start, can help.
  bool HasEndpoint() {
    if (!config_.endpoint.value.empty()) return true;
    return No(Action::kCollect, "endpoint",
              "No endpoint is configured" + From(config_.endpoint.origin) +
                  ", so nothing can be sent: reports are shown and never sent.");
  }

  UnixMillis FirstRun() const {
    UnixMillis base = start_;
    if (state_.consent) base = std::max(base, std::min(state_.consent->when_ms, now_));
    return AfterStart(base);
  }
  UnixMillis AfterStart(UnixMillis start) const {
    return Later(start, std::min(kFirstRunMs + PhaseOf(state_.installation), period_));
  }

  UnixMillis Due() const {
    const std::optional<UnixMillis>& accepted = state_.last_accepted_at;
    if (!accepted) return state_.due_at ? *state_.due_at : FirstRun();
    // An accepted report uses the due time up, and the period may have grown since it was set.
    return std::max(Later(std::min(*accepted, now_), period_), state_.due_at.value_or(0));
  }

  // Nothing that has happened lies ahead, and nothing planned further than one period.
  void PullIn(Schedule& schedule) const {
    const auto at_most = [](std::optional<UnixMillis>& time, UnixMillis most) {
      if (time) time = std::min(*time, most);
    };
    at_most(schedule.last_accepted_at, now_);
    at_most(schedule.sealed_at, now_);
    at_most(schedule.due_at, Later(now_, period_));
    at_most(schedule.retry_at, Later(now_, period_));
  }

  void Plan() {
    Schedule& schedule = decision_.schedule;
    schedule.due_at = Due();
    PullIn(schedule);
    const UnixMillis due = *schedule.due_at;
    // A process that starts late lets its host state its facts first. A start that lies ahead is a
    // clock put back, and puts nothing off.
    UnixMillis at = due;
    if (state_.started_at && *state_.started_at <= now_) at = std::max(at, AfterStart(start_));
    Say("schedule", "The next report is due at " + TimeText(at) + ", once every " +
                        Decimal(period_ / 1000) + " s" + From(config_.reporting_period_s.origin) +
                        ".");
    if (schedule.retry_at && *schedule.retry_at > std::max(at, now_)) {
      at = *schedule.retry_at;
      Say("retry", "The last attempt failed; the next one is at " + TimeText(at) + ".");
    }
    const std::int64_t window = MillisOf(config_.review_window_s.value, 0);
    if (schedule.sealed_at && Later(*schedule.sealed_at, window) > std::max(at, now_)) {
      at = Later(*schedule.sealed_at, window);
      Say("review", "The sealed report is in sight until " + TimeText(at) +
                        From(config_.review_window_s.origin) + ".");
    }
    decision_.action = at > now_ ? Action::kWait : Action::kSend;
    if (decision_.action == Action::kWait) decision_.next = at;
  }

  const Config& config_;
  const Catalogue& catalogue_;
  const ReporterState& state_;
  const UnixMillis now_;
  const std::int64_t period_;
  const UnixMillis start_;
  Decision decision_;
};

std::optional<UnixMillis> ReadTime(JsonMembers& state, std::string_view key) {
  const JsonValue* member = state.Get(key, Need::kOptional);
  if (member == nullptr || member->is_null()) return std::nullopt;
  UnixMillis time = 0;
  if (member->AsInteger(&time)) return time;
  const bool number = member->kind() == JsonKind::kNumber;
  state.Fail(number ? ErrorCode::kOutOfRange : ErrorCode::kWrongType, key,
             "must be an integer of Unix milliseconds within +-(2^53-1)");
  return std::nullopt;
}

std::string ReadInstallation(JsonMembers& state) {
  const JsonValue* member = state.Get("installation", Need::kOptional);
  if (member == nullptr || member->is_null()) return {};
  if (member->is_string() && member->text().empty()) return {};
  return state.Text("installation", kMaxInstallationBytes, Need::kOptional);
}

}  // namespace

Result<ReporterState> ParseState(std::string_view json) {
  Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return std::move(document).problems();
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  ReporterState state;
  state.installation = ReadInstallation(members);
  state.started_at = ReadTime(members, "startedAt");
  const JsonValue* consent = members.Get("consent", Need::kOptional);
  if (consent != nullptr && !consent->is_null()) {
    Result<ConsentRecord> record = ParseConsent(*consent, "/consent");
    if (record.ok()) {
      state.consent = std::move(record).value();
    } else {
      problems.AddAll(std::move(record).problems());
    }
  }
  state.last_accepted_at = ReadTime(members, "lastAcceptedAt");
  state.due_at = ReadTime(members, "dueAt");
  state.retry_at = ReadTime(members, "retryAt");
  state.sealed_at = ReadTime(members, "sealedAt");
  state.initial_report_sent = members.Boolean("initialReportSent", Need::kOptional);
  members.Finish();
  if (!problems.empty()) return problems;
  return state;
}

std::int64_t PhaseOf(std::string_view installation) {
  if (installation.empty()) return 0;
  Sha256 hash;
  hash.Update(installation);
  const Sha256::Digest digest = hash.Finish();
  std::uint32_t head = 0;
  for (int i = 0; i < 4; ++i) head = head << 8 | digest[static_cast<std::size_t>(i)];
  return head % static_cast<std::uint32_t>(kPhaseMs);
}

Decision Decide(const Config& config, const Catalogue& catalogue, const ReporterState& state,
                UnixMillis now) {
  return Decider(config, catalogue, state, now).Run();
}

std::string_view Name(Action action) {
  switch (action) {
    case Action::kOff:
      return "off";
    case Action::kCollect:
      return "collect";
    case Action::kAsk:
      return "ask";
    case Action::kWait:
      return "wait";
    case Action::kSend:
      return "send";
  }
  return "off";
}

}  // namespace candor
