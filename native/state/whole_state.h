// All that a store holds, as plain values, for carrying it from one to another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/journal.h"
#include "core/result.h"
#include "native/state/change.h"
#include "native/state/state.h"

namespace candor {

struct WholeState {
  State state;
  std::int64_t revision = 0;
  JournalHead head;
  std::vector<JournalEntry> journal;  // All of it.
  std::vector<SealedReport> reports;  // Oldest first, with the bytes that are kept.
  std::string facts;                  // "" for none.
};

// The report that waits; nullptr for none.
SealedReport* PendingOf(WholeState& whole);
const SealedReport* PendingOf(const WholeState& whole);

// kCorrupt unless every journal entry follows from the one before, up to the head, and the pending
// report has its bytes.
std::optional<Error> CheckWhole(const WholeState& whole, const std::string& source);

// What is at the other end of a move.
struct Standing {
  std::string installation;  // "" for none.
  std::int64_t entries = 0;  // Of the journal.
  std::int64_t reports = 0, nodes = 0;
  bool continues = false;  // The journal holds the entry that was asked for: it came from there.

  bool empty() const { return installation.empty() && entries == 0 && reports == 0 && nodes == 0; }
};

}  // namespace candor
