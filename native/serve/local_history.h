// What GET /v1/history asks for.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time_text.h"

namespace candor {

inline constexpr std::string_view kHistoryPath = "/v1/history";

struct HistoryQuery {
  std::string component;  // "ID" or "RELEASE/ID"; "" for a list of all.
  UnixMillis since = 0;
};

bool IsHistoryTarget(std::string_view target);

// Of "/v1/history?component=operate&since=1795262400000", percent-encoded. Errors: every parameter
// that there is not, that comes twice or has no such value, at "/NAME".
// REQUIRES: IsHistoryTarget.
Result<HistoryQuery> ReadHistoryQuery(std::string_view target);

}  // namespace candor
