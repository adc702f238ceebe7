// What a question for the history of metrics asks for.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time_text.h"

namespace candor {

struct MetricQuery {
  std::string component;  // "ID" or "RELEASE/ID"; "" for a list of all.
  UnixMillis since = 0;
};

// Of "component=operate&since=1795262400000", percent-encoded, what stands behind a target's "?".
// Errors: every parameter that there is not, that comes twice or has no such value, at "/NAME".
Result<MetricQuery> ReadMetricQuery(std::string_view query);

}  // namespace candor
