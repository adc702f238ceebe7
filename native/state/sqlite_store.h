// The state store in one SQLite file (WAL, full sync): the default.
#pragma once

#include <memory>
#include <string>

#include "native/base/clock.h"
#include "native/state/state_store.h"

namespace candor {

// How long reports' bytes are kept after their fate is settled: the newest kKeptReports of them,
// and no more than kKeptReportBytes together. Their records, without `counted_from`, and the
// journal stay.
inline constexpr std::size_t kKeptReports = 32;
inline constexpr std::size_t kKeptReportBytes = std::size_t{16} << 20;

// Opens or creates `folder`/state.db, and the folder (mode 0700). A folder that others may write
// to, or that somebody else owns, is refused (kUnavailable). Errors: kUnavailable, kCorrupt
// (damaged while another process has it open), kOutOfRange (made by a later version; untouched),
// kConflict (the state was moved elsewhere).
//
// A damaged file is set aside as state.db.damaged-<n>, the newest three of them are kept, and all
// that is healthy goes into a new one. The state is in it twice, so that it survives whatever bit
// flips. Should both go, the installation and the decision come from the journal, a yes only when
// no later entry can be missing; `baselines` and `counting_since` are then empty, and counting has
// to start afresh. The same where the state is found older than what was acknowledged.
//
// wipe_reports also removes what was set aside. A child made by fork() may go on using the store:
// it gets a connection of its own. Only one that was forked in the middle of another thread's call
// cannot (kUnavailable).
//
// `clock` dates what the store itself writes to the journal, and outlives the store.
Result<std::unique_ptr<StateStore>> OpenSqliteStore(const std::string& folder,
                                                    Clock& clock = SystemClock());

}  // namespace candor
