// Refusals as problem documents (RFC 9457).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/json_writer.h"
#include "core/result.h"
#include "native/http/message.h"

namespace candor {

// {"type", "title", "status", "detail", "errors": [{"pointer", "detail", "name", "line",
//  "column"}], "suppressed"} as application/problem+json. The connection ends with it where `ends`.
HttpAnswer ProblemAnswer(int status, std::string detail, const Problems& problems = {},
                         bool ends = false);
// With Retry-After: `seconds`.
HttpAnswer TryAgain(int status, std::string detail, std::int64_t seconds, bool ends = false);
// With members of the kind's own, which `more` writes after "detail".
HttpAnswer ProblemAnswer(int status, std::string detail,
                         const std::function<void(JsonWriter&)>& more);

// "errors" and "suppressed", for such members.
void WriteErrors(const Problems& problems, JsonWriter& writer);

}  // namespace candor
