// The decision: collect? send? why, and when next. A pure function of configuration, state and
// time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/consent.h"
#include "core/result.h"
#include "core/time_text.h"

namespace candor {

// What the reporter remembers. The document has the same keys in camelCase; all are optional, and
// a time, the installation or the consent may also be null. Times are Unix milliseconds.
struct ReporterState {
  std::string installation;                    // Spreads first runs; "" before it is created.
  std::optional<UnixMillis> started_at;        // When this process started; missing: just now.
  std::optional<ConsentRecord> consent;        // The last record of the log.
  std::optional<UnixMillis> last_accepted_at;  // When the service last accepted a report.
  std::optional<UnixMillis> due_at;            // The persisted due time.
  std::optional<UnixMillis> retry_at;          // Not before this, after a failed attempt.
  std::optional<UnixMillis> sealed_at;         // A sealed report is waiting since.
  bool initial_report_sent = false;
};

// Strict, every problem at once. Errors: those of ReadJson and ParseConsent.
Result<ReporterState> ParseState(std::string_view json);

enum class Action : std::uint8_t {
  kOff,      // Nothing is collected, shown or sent.
  kCollect,  // Collected and shown, in memory only; never sent by itself.
  kAsk,      // As kCollect, and waits for a decision.
  kWait,     // Agreed; the next report is not due.
  kSend,     // Agreed and due: seal if needed, then send.
};

struct Reason {
  // "do-not-track", "reporter-activate", "mode", "consent", "initialize-telemetry", then for what
  // is agreed "endpoint" when there is none, or else "schedule", "retry" or "review". Stable.
  std::string rule;
  std::string text;  // One sentence for people, with the origin of the value.
};

// The times of the state as they are to be remembered from now on, with the due time filled in once
// there is one. They differ from the state's where the clock was put back: a time that lies further
// ahead than it can have been meant is pulled in. A reporter that does not keep them waits longer,
// and never sends earlier.
struct Schedule {
  std::optional<UnixMillis> last_accepted_at, due_at, retry_at, sealed_at;
};

struct Decision {
  Action action = Action::kOff;
  // From the strongest rule to the one that settled it.
  std::vector<Reason> reasons;
  // When to decide again without a change; nothing: never, or after what kSend asks for is done.
  std::optional<UnixMillis> next;
  bool asks = false;  // The page should ask, also while an older consent still covers.
  Schedule schedule;
};

// DESIGN section 7. A process that knows a decision makes its first report 5 minutes after its
// start or after the decision, whichever is later, and up to 5 minutes more that depend on the
// installation alone; without a decision the reporter looks again after 3 hours, and then once a
// period. Neither waits longer than one period.
inline constexpr std::int64_t kFirstRunMs = 5 * 60 * 1000;
inline constexpr std::int64_t kPhaseMs = 5 * 60 * 1000;
inline constexpr std::int64_t kUndecidedMs = 3 * 60 * 60 * 1000;

// In [0, kPhaseMs), from the SHA-256 of the installation; 0 for "".
std::int64_t PhaseOf(std::string_view installation);

// Who decides, strongest first; the first that says no settles it:
//   DO_NOT_TRACK is set, reporterActivate is false, mode is disabled     kOff
//   mode is download                                                     kCollect
//   the last consent record is a denial                                  kCollect
//   it is a grant that covers nothing of this catalogue                  kAsk
//   there is none, and initializeTelemetry is false                      kCollect
//   there is none, and initializeTelemetry is not given                  kAsk
// Else it is agreed:
//   no endpoint is configured                                            kCollect
// or kWait or kSend. A no stops what leaves and what is stored, not the looking:
// the engine's denied reporter keeps counting and ticking, so that a later yes made on another node
// is noticed; the counts from before it are dropped by whoever records that yes. DO_NOT_TRACK asks
// nobody anything. initializeTelemetry decides at a first start only: the reporter records what it
// says (through "configuration") before acting on it.
//
// A report is due one reporting period after the last accepted one, or when the state says
// (`due_at`, unless a report was accepted since), but not in the first minutes of a process, and
// then when `retry_at` has passed and, if it is sealed, when it has been in sight for the review
// window. `next` is never further away than one reporting period or review window, whatever the
// clock did; a clock put back never brings a second report within a period of the accepted one. Any
// values are fine: sums stop at the ends of int64.
Decision Decide(const Config& config, const Catalogue& catalogue, const ReporterState& state,
                UnixMillis now);

std::string_view Name(Action action);  // "off", "collect", "ask", "wait", "send"

}  // namespace candor
