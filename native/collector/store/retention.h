// How long reports are kept, by catalogue.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/result.h"
#include "native/collector/store/collector_store.h"

namespace candor {

using KeepDays =
    std::map<std::string, std::int64_t>;  // By catalogue; one that is not there: for ever.

// "400", for all, or "engine=400", which wins. Errors, with the place "--keep-days TEXT":
// kOutOfRange, kNotFound (no such catalogue).
Result<KeepDays> ParseKeepDays(const std::vector<std::string>& texts,
                               std::span<const Catalogue> catalogues);

// Deletes what is older, some at a time, so that reports that come in meanwhile do not wait long.
// How many that were. Errors: those of CollectorStore::Expire.
Result<std::int64_t> ExpireReports(const KeepDays& days, UnixMillis now, CollectorStore& store);

}  // namespace candor
