// Problems as people and as machines read them.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

// "unknown-key": stable, for machines.
std::string_view Name(ErrorCode code);

// One line for each: "app.yaml:7:18: /mode: must be ...\n". Text of the input is quoted disarmed.
std::string ProblemsAsText(const Problems& problems);

// {"problems": [{"code", "name", "source", "where", "line", "column", "message"}], "suppressed": 0}
std::string ProblemsAsJson(const Problems& problems);

}  // namespace candor
