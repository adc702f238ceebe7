#include "native/admin/handlers/consent_handler.h"

#include <algorithm>
#include <utility>

#include "core/consent.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "core/time_text.h"
#include "native/admin/handlers/consent_wish.h"
#include "native/admin/handlers/preview_handler.h"
#include "native/admin/handlers/refusals.h"
#include "native/admin/handlers/status_handler.h"
#include "native/base/clock.h"
#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

bool IsYes(const std::optional<ConsentRecord>& consent) {
  return consent && consent->verdict == Verdict::kGranted;
}

ConsentTag TagOf(const ReporterStatus& status, const AdminTarget& target) {
  return {status.state.consent_seq, target.offered_digest().substr(0, kShortDigest)};
}

void WriteIds(std::string_view key, const std::vector<std::string>& ids, JsonWriter& writer) {
  writer.Key(key);
  writer.BeginArray();
  for (const std::string& id : ids) writer.String(id);
  writer.EndArray();
}

// "seq" and "consent": what was decided last, or null.
void WriteStanding(const State& state, JsonWriter& writer) {
  writer.Key("seq");
  writer.Integer(state.consent_seq);
  writer.Key("consent");
  if (state.consent) {
    WriteConsent(*state.consent, writer);
  } else {
    writer.Null();
  }
}

HttpAnswer ConsentAnswer(const ReporterStatus& status, const AdminTarget& target) {
  const std::optional<ConsentRecord>& consent = status.state.consent;
  ConsentDrift drift;
  if (consent) drift = DriftSince(*consent, target.setup().offered);
  HttpAnswer answer = JsonAnswer(JsonObject([&](JsonWriter& writer) {
    WriteStanding(status.state, writer);
    writer.Key("asks");
    writer.Boolean(status.decision.asks);
    WriteIds("newFields", drift.uncovered, writer);
    WriteIds("gone", drift.gone, writer);
  }));
  answer.headers.emplace_back("ETag", TagText(TagOf(status, target)));
  return answer;
}

// Who was faster, what they said, and when.
HttpAnswer Overtaken(const ReporterStatus& status, const AdminTarget& target) {
  const std::optional<ConsentRecord>& consent = status.state.consent;
  std::string detail = "the state of things is another one than you saw; look again";
  if (consent) {
    detail = Quotable(consent->who, 100) + (IsYes(consent) ? " agreed at " : " said no at ") +
             TimeText(consent->when_ms) + ", after you looked; nothing was changed, look again";
  }
  const std::string tag = TagText(TagOf(status, target));
  HttpAnswer answer = ProblemAnswer(412, detail, [&](JsonWriter& writer) {
    writer.Key("etag");
    writer.String(tag);
    WriteStanding(status.state, writer);
  });
  answer.headers.emplace_back("ETag", tag);
  return answer;
}

HttpAnswer FieldsChanged(const std::vector<Change>& changes) {
  std::vector<std::string> added, gone;
  Problems words;
  for (const Change& change : changes) {
    const bool removed = change.kind == ChangeKind::kRemoved;
    (removed ? gone : added).push_back(change.id);
    words.Add({removed ? ErrorCode::kNotFound : ErrorCode::kConflict, change.id, change.text});
  }
  return ProblemAnswer(409, "what would be sent is not what you saw; look again",
                       [&](JsonWriter& writer) {
                         writer.Key("reason");
                         writer.String("fields-changed");
                         WriteIds("newFields", added, writer);
                         WriteIds("gone", gone, writer);
                         WriteErrors(words, writer);
                       });
}

HttpAnswer ReportChanged(const std::string& why) { return RefusedAs("report-changed", why); }

// Ids that cannot be withheld stand at "/<index>" of the list.
Problems Placed(const Problems& problems) {
  Problems placed;
  for (Error error : problems.list()) {
    if (error.where.starts_with('/')) error.where.insert(0, "/withheld");
    placed.Add(std::move(error));
  }
  return placed;
}

HttpAnswer Refused(const Problems& problems, const ConsentTag& seen, AdminTarget& target) {
  const Error& first = problems.list().front();
  if (first.code != ErrorCode::kConflict) return RefusedBy(Placed(problems));
  const Result<ReporterStatus> now = StatusOf(target);
  if (!now.ok()) return RefusedBy(now.problems());
  if (now.value().state.consent_seq != seen.seq) return Overtaken(now.value(), target);
  return ReportChanged(first.message);
}

HttpAnswer Decided(const Problems& problems, const ConsentTag& seen, AdminTarget& target) {
  if (!problems.empty()) return Refused(problems, seen, target);
  const Result<ReporterStatus> now = StatusOf(target);
  // It stands; only telling what stands went wrong.
  return now.ok() ? ConsentAnswer(now.value(), target) : RefusedBy(now.problems());
}

HttpAnswer Deny(AdminTarget& target, const Actor& actor, const ConsentTag& seen) {
  return Decided(
      target.WithReporter(nullptr, [&](Reporter& reporter) { return reporter.Deny(actor); }), seen,
      target);
}

HttpAnswer Grant(const Deciding& deciding, const AdminRequest& request, const ConsentWish& wish,
                 const ConsentTag& seen) {
  std::shared_ptr<const FrozenReport> shown;
  if (!wish.digest.empty()) {
    std::vector<std::string> withheld = wish.withheld;
    std::sort(withheld.begin(), withheld.end());
    shown = deciding.frozen.FindGrant(OwnerOf(request.caller), wish.digest, withheld,
                                      SystemClock().BootMillis());
    if (shown == nullptr) {
      return ReportChanged(
          "no such report was shown to you lately for these withheld fields; "
          "look again");
    }
    if (!shown->hidden.empty()) {
      return ReportChanged("the report was shown to you without its licence data; look again");
    }
  }
  Actor actor = ActorOf(request.caller);
  actor.seen_seq = seen.seq;
  return Decided(deciding.target.WithReporter(nullptr,
                                              [&](Reporter& reporter) {
                                                return reporter.Grant(
                                                    actor, wish.withheld,
                                                    shown == nullptr ? nullptr : &shown->candidate);
                                              }),
                 seen, deciding.target);
}

HttpAnswer LookFirst() {
  Problems problems;
  problems.Add({ErrorCode::kMissing, "/unseen",
                "must be true to agree without having looked; or give the \"digest\" of a "
                "previewed report"});
  return ProblemAnswer(422, "nothing was decided", problems);
}

}  // namespace

std::string WhyNoYes(const Decision& decision, bool seals) {
  if (decision.reasons.empty()) return {};
  const Reason& last = decision.reasons.back();
  const bool never = last.rule == "do-not-track" || last.rule == "mode" ||
                     (seals && last.rule == "reporter-activate");
  return never ? last.text : "";
}

Actor ActorOf(const Caller& caller) {
  return {caller.user, caller.via == "basic" ? "rest" : "page"};
}

HttpAnswer ReadConsent(AdminTarget& target) {
  const Result<ReporterStatus> status = StatusOf(target);
  return status.ok() ? ConsentAnswer(status.value(), target) : RefusedBy(status.problems());
}

HttpAnswer DecideConsent(const Deciding& deciding, const AdminRequest& request) {
  AdminTarget& target = deciding.target;
  const std::optional<std::string_view> given = OnlyHeader(request.http, "If-Match");
  if (!given) {
    return ProblemAnswer(428, "say what you saw: If-Match with the ETag of GET /api/v1/consent");
  }
  const Result<ConsentWish> read = ReadConsentWish(request);
  if (!read.ok()) return RefusedBy(read.problems());
  const ConsentWish& wish = read.value();
  const Result<ReporterStatus> looked = StatusOf(target);
  if (!looked.ok()) return RefusedBy(looked.problems());
  const ReporterStatus& status = looked.value();
  const std::optional<ConsentTag> seen = ReadTag(*given);
  if (!seen || seen->seq != status.state.consent_seq) return Overtaken(status, target);
  if (target.HasNoState()) return RefusedAs("off", status.decision.reasons.back().text);
  if (wish.verdict == Verdict::kDenied) {
    Actor actor = ActorOf(request.caller);
    actor.seen_seq = seen->seq;
    return Deny(target, actor, *seen);
  }
  if (seen->fields != TagOf(status, target).fields) {
    return FieldsChanged(
        deciding.fields.Since(seen->fields, status.state.consent, target.setup().offered));
  }
  const bool seals = !wish.digest.empty();
  if (const std::string why = WhyNoYes(status.decision, seals); !why.empty()) {
    return RefusedAs("off", why);
  }
  if (!seals && !wish.unseen && !IsYes(status.state.consent)) return LookFirst();
  return Grant(deciding, request, wish, *seen);
}

}  // namespace candor
