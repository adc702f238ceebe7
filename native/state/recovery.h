// What every backend does alike when something stored turns out to be damaged.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/journal.h"
#include "native/state/state.h"

namespace candor {

// Of a "consent" entry. Nothing when it cannot be read.
std::optional<ConsentRecord> ConsentOf(const JournalEntry& entry);

// The body of a "recovered" entry (core/journal.h).
std::string RecoveredBody(std::string_view why, std::string_view set_aside,
                          const std::vector<std::string>& lost);

// The pending report cannot be sent any more. When its record is there and says that it was never
// attempted, its counts return, and it counts as dissolved; else as withdrawn.
void GiveUpPending(State& state, SealedReport* record, UnixMillis at);

// What a journal alone still says: the installation, and the last decision. A yes is taken only
// from a journal that is known to be `whole`, as behind it a no may be missing; a no from any.
State StateOf(const std::vector<JournalEntry>& journal, bool whole);

// The state is older than what was once acknowledged. A no still counts, a yes does not. What was
// pending may have been withdrawn or accepted meanwhile and is given up; what was counted may have
// been reported, so counting starts afresh.
void ForgetWhatMayBeOutdated(State& state);

}  // namespace candor
