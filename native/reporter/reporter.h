// The reporter: turns the state, the clock and the host's facts into sealed and sent reports.
//
// It does one thing at a time and never waits: Step does what is due, at most one attempt to send,
// and says when it wants to be called again. Whoever drives it owns the thread (reporter_thread.h),
// or has none (the command line, a simulation). Not thread-safe; several reporters, in one process
// or many, may share a store.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/decision.h"
#include "core/receipt.h"
#include "core/result.h"
#include "native/base/clock.h"
#include "native/base/log.h"
#include "native/base/random.h"
#include "native/reporter/candidate.h"
#include "native/reporter/fact_source.h"
#include "native/reporter/reporter_log.h"
#include "native/state/state_store.h"
#include "native/transport/transport.h"

namespace candor {

// What a reporter works with. All borrowed; the transport is made on first use, so that a reporter
// that may not send never prepares to.
struct ReporterParts {
  const Config& config;
  const Catalogue& catalogue;  // As its profile prints it, nothing withheld.
  StateStore& store;
  FactSource& source;
  Clock& clock;
  Random& random;
  LogSink& log;
  std::function<Result<Transport*>()> transport;
};

// Who decides something, and by what way.
struct Actor {
  std::string who;      // A user's name.
  std::string through;  // "command", "page", "rest", "host".
  // The decision they saw (State::consent_seq): theirs is refused (kConflict) when there has been
  // another one since. Nothing: whatever was decided.
  std::optional<std::int64_t> seen_seq = {};
};

struct ReporterStatus {
  Decision decision;
  State state;
  std::optional<SealedReport> pending;  // Without its bytes.
  std::optional<SealedReport> last;     // The last whose fate is settled; without its bytes.
  std::vector<std::string> new_fields;  // That came after the consent.
};

// What became of a report that somebody wanted to be sent now.
struct SendOutcome {
  bool accepted = false;
  SealedReport report;  // Without its bytes.
  std::string message;  // For people: what happened.
};

// Where a receipt that was brought back by hand went.
struct PlacedReceipt {
  std::optional<SealedReport> report;  // Without its bytes; nothing: it was downloaded.
  bool was_there = false;
};

class Reporter {
 public:
  // `offered` is the catalogue without what the configuration withholds (OfferedCatalogue).
  // `started_boot_ms`: when the process started, by Clock::BootMillis.
  Reporter(ReporterParts parts, Catalogue offered, std::int64_t started_boot_ms);

  // Does what is due. Milliseconds until it wants to be called again, at most one period; nothing:
  // only after a change of the store or of the facts.
  std::optional<std::int64_t> Step();
  // The last report before the process ends, if one is due or something was counted since the last
  // one; one attempt. A report that does not get out stays sealed.
  void Close();

  // The bytes that would be sealed now. No effect on what will be sent.
  Result<Candidate> Preview();
  // The bytes that Grant with `withheld` would seal now; no effect either. Errors: as Preview, and
  // those of Withhold.
  Result<Candidate> PreviewGrant(std::vector<std::string> withheld);
  Result<ReporterStatus> Status();

  // Seals what would be previewed now, or returns what is sealed already, unless the configuration
  // withholds more by now. Errors: kConflict when nobody agreed, or as Preview.
  Result<SealedReport> Seal(ReportKind kind);
  // Seals if needed, and makes one attempt now, due or not. Errors: as Seal; kUnavailable when
  // another process is sending.
  Result<SendOutcome> SendNow();
  // As SendNow, for somebody who watches the history: a report stays in sight for its whole review
  // window before, also one that is sealed for this. What goes wrong is logged. After a Step.
  void Hasten();
  // What speaks against Hasten now. Errors: kConflict in words for people, or as Preview.
  Problems CheckHasten();

  // Appends a decision. With `shown`, exactly that candidate is sealed with it; errors then:
  // kConflict when it is not what this yes would send. Saying what stands already changes nothing.
  Problems Grant(const Actor& actor, std::vector<std::string> withheld, const Candidate* shown);
  Problems Deny(const Actor& actor);
  // Puts a receipt that was brought back by hand into the history, once (ReceiptChange). `receipt`
  // holds, with the keys that are known or with one of `brought`, which are kept. Errors: kNotFound
  // when no report of its digest was ever sealed, save where reports are downloaded.
  Result<PlacedReceipt> AddReceipt(const Receipt& receipt, const std::vector<ReceiptKey>& brought);
  // Has the service delete the reports that carry this installation's erasure hash, and says how
  // many they were. Its id and its secret leave, whatever was decided: somebody asks for it
  // outright. Errors: kNotFound when nothing that carries one can have arrived, and then nothing
  // leaves now; kUnavailable when the service cannot be reached or answers something else.
  Result<std::int64_t> Erase(const Actor& actor);
  // Takes the waiting report back for good; with `id` no other one. Errors: kNotFound.
  Problems Withdraw(const Actor& actor, const std::string& id = "");

 private:
  struct Moment;  // One reading of store and clocks.

  Result<Moment> Look();
  Problems Apply(Moment& moment, StateChange change);
  // The installation has its id, and its counts a beginning.
  Problems EnsureInstallation(Moment& moment);
  Problems RecordInitialDecision(Moment& moment);
  Decision Decide(const Moment& moment) const;
  std::int64_t PeriodMs() const;
  UnixMillis FirstDue(const Moment& moment) const;
  CounterTotals NewlyCovered(const Moment& moment, const ConsentRecord& record,
                             CounterTotals totals);
  Problems Decided(Moment& moment, ConsentRecord record, const Candidate* shown);

  std::optional<std::int64_t> Act(Moment& moment);
  std::int64_t StoreRefused(const Problems& problems);
  Problems KeepPromises(Moment& moment, const Decision& decision);
  Result<CounterTotals> Totals(const Moment& moment);
  Result<std::function<bool(std::string_view)>> DroppedSince(std::int64_t seen_seq,
                                                             std::int64_t consent_seq);
  Problems ShareCounts(const Moment& moment, const Decision& decision);
  std::int64_t HoldMs() const;
  Problems RememberFacts(Moment& moment, const Decision& decision);
  bool MaySendInitial(const Moment& moment, const Decision& decision) const;
  Problems RememberSchedule(Moment& moment, const Schedule& schedule);
  std::optional<std::int64_t> SendInitial(Moment& moment);
  std::optional<std::int64_t> SendDue(Moment& moment);
  Result<Moment> LookToPreview();
  Result<Candidate> MakeNow(const Moment& moment);
  Result<SendOutcome> SendNow(bool after_review);
  Problems RefuseNow(const Moment& moment, bool after_review) const;
  Result<SealedReport> SealNow(Moment& moment, ReportKind kind);
  bool Waits(const Moment& moment, const SealedReport& report) const;
  Result<SealedReport> Attempt(Moment& moment, const SealedReport& report);
  Problems RememberKeys(const SealedReport& report);
  Problems EnsureErasable(Moment& moment);
  Result<bool> HasReceipt(const std::string& signature);

  ReporterParts parts_;
  Catalogue offered_;
  const std::int64_t started_boot_ms_;
  ReporterLog log_;
  // The facts that commands beside the host see: their digest, and what they were written for.
  struct Remembered {
    std::string digest;
    std::int64_t consent_seq = 0;
    std::optional<std::uint64_t> edition;
  };
  std::optional<Remembered> remembered_;
  bool wiped_ = false;
  // What the other nodes know of this one.
  CounterTotals shared_;
  std::int64_t shared_under_ = -1;  // The consent entry.
};

}  // namespace candor
