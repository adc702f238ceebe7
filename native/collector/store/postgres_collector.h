// The reports in one PostgreSQL database, for several collectors side by side.
#pragma once

#include <memory>
#include <string>

#include "native/collector/store/collector_store.h"

namespace candor {

// `url`: a connection string of libpq, without a password: that is in PGPASSFILE or PGPASSWORD.
// Safe from any thread; one piece of work at a time, but for Scan. When the database goes away,
// work fails until it is there again.
//
// Of two that send the same bytes through two collectors at the same moment, one with a key and one
// without, both may be kept.
// Errors: those of CheckConninfo; kUnavailable; kOutOfRange (made by a later version, or in another
// encoding than UTF-8).
Result<std::unique_ptr<CollectorStore>> OpenPostgresCollector(const std::string& url);

}  // namespace candor
