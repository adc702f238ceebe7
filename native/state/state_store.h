// The state store, whatever database it is in.
//
// A store is dumb and durable: it reads the whole state with its revision, and replaces it, with
// journal entries and reports, in one transaction that is refused when the revision has moved. What
// should change is decided by pure functions in native/reporter, so that every backend behaves
// alike. Several processes may use one store. All calls are safe from any thread.
//
// Errors: kUnavailable (cannot be read or written now; the next call tries again), kConflict (the
// revision has moved; read again), kCorrupt (damaged, and could not be set aside now; or a report
// that is not what its digest says). Apply also refuses what could not be read again, with the
// errors of ParseStoredState and NextEntry. After an error all is as it was, or, when the disk
// failed at the very end, as it was to be. Lack of memory leaves as std::bad_alloc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/journal.h"
#include "core/result.h"
#include "native/state/node_counts.h"
#include "native/state/state.h"

namespace candor {

// One transaction. Journal entries get their seq and hash in it; `consent_seq` of the state and of
// `report`, and "consentSeq" of a "sealed" body behind it, is set to the seq of the first "consent"
// entry of this very change, if it has one.
struct StateChange {
  State state;  // Replaces the old one.
  struct Event {
    std::string kind, body;  // As in core/journal.h.
  };
  std::vector<Event> journal;
  std::optional<SealedReport> report;  // Inserted, or replaces the one of its id (bytes may be ""
                                       // to keep those that are there).
  bool wipe_reports = false;           // Every report's bytes are overwritten and gone.
  std::optional<std::string> facts;    // The facts document to remember; "" wipes it.
  UnixMillis at = 0;                   // For the journal.
  // What all nodes had shared when this was decided; kConflict when somebody has shared more.
  std::optional<CounterTotals> shared;
};

struct Snapshot {
  State state;
  std::int64_t revision = 0;
  // The pending report with its bytes, whose digest was checked. A pending report whose bytes are
  // damaged is gone from here and from the state, and the store has said so in the journal.
  std::optional<SealedReport> pending = {};
  // The clock that all go by, where machines share the store: the store's own.
  std::optional<UnixMillis> wall = {};
};

// While somebody holds it, no other process sends. Ends with the object, and with the process. The
// store outlives it.
class SenderLock {
 public:
  virtual ~SenderLock() = default;
};

class StateStore {
 public:
  virtual ~StateStore() = default;

  virtual Result<Snapshot> Read() = 0;
  // The new revision.
  virtual Result<std::int64_t> Apply(const StateChange& change, std::int64_t revision) = 0;
  // The facts that the host last remembered, "" for none.
  virtual Result<std::string> ReadFacts() = 0;

  // Nothing when another process holds it. Where machines share the store it lasts for `hold_ms`
  // at most, as nobody can see whether another machine is dead; an Apply behind that is refused
  // once (kConflict).
  virtual Result<std::unique_ptr<SenderLock>> TryLockSender(std::int64_t hold_ms) = 0;

  // Newest first, without bytes.
  virtual Result<std::vector<SealedReport>> ListReports(std::size_t most) = 0;
  // With bytes as long as they are kept. Errors: kNotFound.
  virtual Result<SealedReport> ReadReport(const std::string& id) = 0;
  // In order, from `after` (exclusive) on.
  virtual Result<std::vector<JournalEntry>> ReadJournal(std::int64_t after, std::size_t most) = 0;

  // What the nodes that share the store have counted together; nullptr where they are all on this
  // machine, and share a counter file.
  virtual NodeCounts* node_counts() { return nullptr; }

  // Calls that wait for another machine are over then, this one and all that follow. From any
  // thread.
  virtual void Hurry(std::int64_t /*grace_ms*/) noexcept {}

  // A descriptor that polls readable when another process may have changed the store, -1 for none.
  virtual int change_descriptor() = 0;
  virtual void DrainChanges() = 0;

  // What happened when it was opened, for the log: "" when nothing, else where the damaged store
  // was put and what was kept of it.
  virtual std::string set_aside() const = 0;
};

}  // namespace candor
