// A password as somebody gives it to a command.
#pragma once

#include <string>

#include "core/result.h"

namespace candor {

// At a terminal asks twice, without showing it; else the first line of standard input, without its
// end. Errors: kUnavailable (there is none), kConflict (the two differ), kOverLimit.
Result<std::string> ReadNewPassword();

}  // namespace candor
