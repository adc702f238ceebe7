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

namespace candor {

using UnixMillis = std::int64_t;

// What the reporter remembers. The document has the same keys in camelCase; all are optional.
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

Result<ReporterState> ParseState(std::string_view json);

enum class Action : std::uint8_t {
  kOff,      // Nothing is collected, shown or sent.
  kCollect,  // Collected and shown; never sent by itself.
  kAsk,      // Collected and shown; waits for a decision.
  kWait,     // Agreed; the next report is not due.
  kSend,     // Agreed and due: seal if needed, then send.
};

struct Reason {
  std::string rule;  // Stable name: "do-not-track", "mode", "consent", ...
  std::string text;  // One sentence for people, with the origin of the value.
};

struct Decision {
  Action action = Action::kOff;
  // From the strongest rule to the one that settled it.
  std::vector<Reason> reasons;
  std::optional<UnixMillis> next;  // When to decide again without a change; nothing: never.
  bool asks = false;               // The page should ask, also while an older consent still covers.
};

// The order of power: DO_NOT_TRACK and reporterActivate, mode, the recorded consent, and (where
// there is none) initializeTelemetry.
Decision Decide(const Config& config, const Catalogue& catalogue, const ReporterState& state,
                UnixMillis now);

std::string_view Name(Action action);

}  // namespace candor
