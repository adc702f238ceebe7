// Under which small numbers a store finds a report: of one length each, so that nothing of what a
// sender chose stands in an index.
#pragma once

#include <cstdint>
#include <string>

#include "native/collector/arrival.h"

namespace candor {

// 16 bytes of a digest of installation and Idempotency-Key; "" for an arrival without a key.
std::string ReportKey(const Arrival& arrival);

// Of an installation, and of a report's bytes. Two of a kind may share one: it finds, it does not
// tell.
std::int64_t SiteNumber(const std::string& installation);
std::int64_t DigestNumber(const std::string& digest);

}  // namespace candor
