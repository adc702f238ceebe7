// What the reporter remembers, as plain values. Where they are kept is the store's business
// (state_store.h); what they mean is the reporter's (native/reporter).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/consent.h"
#include "core/receipt.h"
#include "core/time_text.h"
#include "native/counters/counter_totals.h"

namespace candor {

enum class ReportKind : std::uint8_t { kScheduled, kClose, kManual, kShown, kInitial };
std::string_view Name(ReportKind kind);  // "scheduled", "close", "manual", "shown", "initial"

enum class Fate : std::uint8_t {
  kSealed,     // Never attempted: may be dissolved.
  kAttempted,  // An attempt began: it may have arrived.
  kAccepted,
  kRejected,   // The service refused it for good.
  kDissolved,  // Never left; its counts went back.
  kWithdrawn,  // Taken back for good; its counts are dropped.
};
std::string_view Name(Fate fate);
// Whether it is final.
inline bool IsSettled(Fate fate) { return fate != Fate::kSealed && fate != Fate::kAttempted; }

// A report from the moment it is sealed. `bytes` and `digest` never change.
struct SealedReport {
  std::string id;  // UUID; also the Idempotency-Key.
  ReportKind kind = ReportKind::kScheduled;
  std::string bytes;      // Empty in lists, and once the store has let go of an old report.
  std::string digest;     // SHA-256 in hexadecimal.
  std::int64_t size = 0;  // In bytes; stays known when `bytes` is gone.
  std::string catalogue, scope_digest;
  std::vector<std::string> withheld;
  UnixMillis sealed_at = 0, from = 0, to = 0;  // `from` to `to`: the period of its counts.
  std::int64_t consent_seq = 0;                // Journal entry it rests on; 0 for configuration.
  std::vector<CounterTotals> counted_from;     // Baselines before it, for dissolving.
  Fate fate = Fate::kSealed;
  std::int64_t attempts = 0;  // Begun.
  bool uncertain = false;     // Some attempt's outcome is unknown.
  int status = 0;             // The last HTTP status, 0 for none.
  std::string receipt;        // The service's answer to what it accepted, capped.
  std::string last_error;     // For people, "" for none.
  UnixMillis changed_at = 0;  // When its fate last changed.
};

// A reading of all clocks at once. Stored times are meant relative to it, so that within one start
// of the machine they survive a wall clock that jumps.
struct ClockAnchor {
  std::string boot_id;
  std::int64_t boot_ms = 0;
  UnixMillis wall = 0;
};

// All small state: one document, read and replaced as a whole.
struct State {
  std::string installation;              // UUID, "" before it was created.
  std::optional<ConsentRecord> consent;  // The last one of the journal.
  std::int64_t consent_seq = 0;
  // When a report was last accepted, or was taken back while it might have been.
  std::optional<UnixMillis> last_accepted_at;
  std::optional<UnixMillis> due_at, retry_at;
  ClockAnchor anchor;
  std::int64_t failed_rounds = 0;  // Rounds of attempts without an answer, since the last one.
  // Start of the period the next report covers. Nothing before there is an installation, and after
  // a recovery that could not keep the baselines: then today's totals have to become them.
  std::optional<UnixMillis> counting_since;
  std::vector<CounterTotals> baselines;
  std::string pending;          // Id of the sealed report that waits or was attempted, "" for none.
  std::optional<Fate> initial;  // Of the initial report; nothing: not made yet.
  // That the service signs receipts with, as it published them; the first of an id stays.
  std::vector<ReceiptKey> receipt_keys;
  std::optional<UnixMillis> keys_asked_at;
  // Whose SHA-256 reports carry where they may be erased: 64 hexadecimal digits, "" for none yet.
  std::string erasure_secret;
};

// As a JSON document, and back. Errors of ParseStoredState: those of ReadJson and JsonMembers.
std::string WriteStoredState(const State& state);
Result<State> ParseStoredState(std::string_view json);
// Everything of a report but its bytes.
std::string WriteReportRecord(const SealedReport& report);
Result<SealedReport> ParseReportRecord(std::string_view json);

}  // namespace candor
