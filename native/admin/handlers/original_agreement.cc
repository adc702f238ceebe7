#include "native/admin/handlers/original_agreement.h"

#include "core/json_writer.h"
#include "native/admin/handlers/consent_handler.h"
#include "native/admin/handlers/status_handler.h"

namespace candor {
namespace {

constexpr int kMostRaces = 100;

}  // namespace

Agreement AgreeUnseen(AdminTarget& target, const Caller& caller, bool yes) {
  Agreement done;
  for (int race = 0; race < kMostRaces; ++race) {
    const Result<ReporterStatus> looked = StatusOf(target);
    if (!looked.ok()) return {"", looked.problems()};
    const ReporterStatus& status = looked.value();
    if (yes || target.HasNoState()) done.why_not = WhyNoYes(status.decision, false);
    const std::optional<ConsentRecord>& consent = status.state.consent;
    const bool stands = consent && (consent->verdict == Verdict::kGranted) == yes;
    if (!done.why_not.empty() || stands) return {done.why_not, {}};
    // Whoever agrees meanwhile to less must not have it widened.
    Actor actor = ActorOf(caller);
    actor.seen_seq = status.state.consent_seq;
    done.problems = target.WithReporter(nullptr, [&](Reporter& reporter) {
      return yes ? reporter.Grant(actor, {}, nullptr) : reporter.Deny(actor);
    });
    if (done.problems.empty() || done.problems.list().front().code != ErrorCode::kConflict) {
      return done;
    }
  }
  return done;
}

std::string CompactText(std::string_view text) {
  std::string quoted = WriteJson(JsonValue::String(std::string(text)));
  quoted.pop_back();  // The line feed.
  return quoted;
}

}  // namespace candor
