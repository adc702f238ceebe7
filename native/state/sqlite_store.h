// The state store in one SQLite file (WAL, full sync): the default.
#pragma once

#include <memory>
#include <string>

#include "native/base/clock.h"
#include "native/state/state_store.h"

namespace candor {

// How long reports' bytes are kept after their fate is settled: the newest kKeptReports of them,
// and no more than kKeptReportBytes together. Their records and the journal stay.
inline constexpr std::size_t kKeptReports = 32;
inline constexpr std::size_t kKeptReportBytes = std::size_t{16} << 20;

// Opens or creates `folder`/state.db, and the folder (mode 0700). A folder that others may write
// to, or that somebody else owns, is refused (kUnavailable). A damaged file is set aside as
// state.db.damaged-<n>, and all that is healthy in it goes into a new one. Errors: kUnavailable,
// kCorrupt, kOutOfRange (made by a later version; untouched).
// `clock` dates what the store itself writes to the journal, and outlives the store.
Result<std::unique_ptr<StateStore>> OpenSqliteStore(const std::string& folder,
                                                    Clock& clock = SystemClock());

}  // namespace candor
