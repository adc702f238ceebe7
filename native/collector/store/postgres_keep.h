// CollectorStore::Keep as one transaction of PostgreSQL, beside those of other collectors.
#pragma once

#include <span>
#include <vector>

#include "core/result.h"
#include "native/collector/store/collector_store.h"
#include "native/state/postgres_connection.h"

namespace candor {

// kConflict: another collector was faster with one of them, or both waited for each other; nothing
// is kept, and the next try sees what the other did. Other errors: kUnavailable; whether they are
// kept is not known then.
// REQUIRES: the months of `now` are made.
Result<std::vector<Kept>> KeepInPostgres(PostgresConnection& connection,
                                         std::span<const Arrival> arrivals, UnixMillis now);

}  // namespace candor
