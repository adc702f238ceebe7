// What every backend does alike before it writes a change: checks, documents, the journal's links.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/journal.h"
#include "core/result.h"
#include "native/state/state_store.h"

namespace candor {

// The last entry of a journal; 0 and "" when it is empty.
struct JournalHead {
  std::int64_t seq = 0;
  std::string hash;
  friend bool operator==(const JournalHead&, const JournalHead&) = default;
};

struct PreparedChange {
  std::string document;  // WriteStoredState.
  std::vector<JournalEntry> entries;
  JournalHead head;  // After the entries.
  std::optional<SealedReport> report;
  std::string record;  // WriteReportRecord of `report`.
};

// What can be written can be read again, or is refused here: kOutOfRange, kNotUtf8 and the other
// errors of ParseStoredState and NextEntry; kCorrupt for a report that is not what its digest says.
Result<PreparedChange> Prepare(const StateChange& change, const JournalHead& head);

}  // namespace candor
