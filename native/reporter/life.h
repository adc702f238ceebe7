// The life of a report, as pure functions from a state to the change that a store shall make.
//
// Here is said what consent, sealing, attempts and their outcomes do to counts, reports and due
// times; no function has a clock, a disk or a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/consent.h"
#include "core/receipt.h"
#include "native/reporter/candidate.h"
#include "native/state/state_store.h"
#include "native/transport/transport.h"

namespace candor {

// A change that keeps `state`, to build upon.
StateChange ChangeOf(const State& state, UnixMillis now);

// How an attempt ended, from what came back.
enum class Ended : std::uint8_t { kAccepted, kRejected, kRetry };
struct Judgement {
  Ended ended = Ended::kRetry;
  bool may_have_arrived = false;  // With kRetry: the service may have kept it all the same.
};
// 2xx is accepted. 408, 425, 429, 5xx, redirects (they are not followed) and everything that is no
// answer are retried; other statuses are final.
Judgement Judge(const PostResult& result);

// The installation gets its id.
StateChange InstallationChange(const State& state, const std::string& id, UnixMillis now);
// A recovered state does not know what was reported already: the counts start afresh at `totals`,
// as one that was counted twice would be worse than one that is lost and said to be.
StateChange RestartChange(const State& state, const CounterTotals& totals, UnixMillis now);

// Somebody decided. A yes that comes after no yes starts the counts afresh at `totals`, and one
// after another yes those that it covers anew, unless `shown` is given: then exactly those bytes
// are sealed with it as the first report. A report that waits is taken back when the decision is a
// no or withholds more than before; what may have arrived is withdrawn for good, what certainly did
// not is dissolved and its counts return. While a report waits, `shown` is not sealed. A no wipes
// every report's bytes and the remembered facts.
struct DecisionInputs {
  const Snapshot& snapshot;
  ConsentRecord record;
  CounterTotals totals;  // Of all counters; of those that this yes covers anew after another yes.
  const Candidate* shown = nullptr;
  std::string report_id;     // For `shown`.
  UnixMillis first_due = 0;  // When the first report after a yes is due.
};
StateChange ConsentChange(const DecisionInputs& inputs);

// REQUIRES: nothing is pending.
StateChange SealChange(const State& state, const Candidate& candidate, ReportKind kind,
                       const std::string& id);
// The initial report goes beside the pending one, and carries no counts.
StateChange SealInitialChange(const State& state, const Candidate& candidate,
                              const std::string& id);

// An attempt is about to begin: from now on it may have arrived. To be durable before the first
// byte leaves.
StateChange AttemptChange(const State& state, const SealedReport& report, UnixMillis now);
// It ended. `was_uncertain` is whether an attempt before this one may have arrived; `next_at` is
// when to try again, or after a refusal when the next report is due.
struct Ending {
  PostResult result;
  bool was_uncertain = false;
  UnixMillis now = 0, next_at = 0;
};
StateChange EndingChange(const State& state, const SealedReport& report, const Ending& ending);

// The service published keys that it signs receipts with. `fresh`: those that were not known.
struct PublishedKeys {
  std::vector<ReceiptKey> fresh;
  std::string from;  // A URL; "" for a file that was brought.
};
StateChange KeysChange(const State& state, const PublishedKeys& keys, UnixMillis now);

// The installation gets the secret whose hash its reports carry; once.
StateChange ErasableChange(const State& state, const std::string& secret, UnixMillis now);
// The service deleted reports because somebody asked for it.
StateChange ErasedChange(const State& state, std::int64_t reports, const std::string& who,
                         UnixMillis now);

// A receipt was brought back by hand. The report that waits is accepted by it; one that is settled
// keeps its fate, and the journal gets the receipt. `report` is nullptr for one that was
// downloaded, and never sealed. REQUIRES: a receipt that holds, of this report.
struct BroughtReceipt {
  std::string text, digest;
  PublishedKeys keys;
};
StateChange ReceiptChange(const State& state, const SealedReport* report,
                          const BroughtReceipt& brought, UnixMillis now);

// Takes a pending report back, see ConsentChange. `why` is for the journal. `drop`: its counts are
// dropped for good even if it never left. One that may have arrived uses a period up as if it had
// been accepted.
struct TakingBack {
  std::string why;
  bool drop = false;
  UnixMillis now = 0;
};
StateChange TakeBackChange(const State& state, const SealedReport& pending, const TakingBack& how);

}  // namespace candor
