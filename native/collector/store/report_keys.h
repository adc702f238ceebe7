// What all stores share: under which small numbers one finds a report, of one length each, so that
// nothing of what a sender chose stands in an index.
#pragma once

#include <cstdint>
#include <string>

#include "native/collector/store/arrival.h"

namespace candor {

// For errors: what could not be done.
inline constexpr char kKeepingReports[] = "keep reports";

// 16 bytes of a digest of installation and Idempotency-Key; "" for an arrival without a key.
std::string ReportKey(const Arrival& arrival);

// Of an installation, and of a report's bytes. Two of a kind may share one: it finds, it does not
// tell.
std::int64_t SiteNumber(const std::string& installation);
std::int64_t DigestNumber(const std::string& digest);

}  // namespace candor
