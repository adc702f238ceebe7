// A password for a command: typed at a terminal that does not show it, or from a file; never from
// the command line, which others can read.
#pragma once

#include <string>

#include "core/result.h"

namespace candor {

// The file's one line, or that of standard input for "-". Without a file: typed twice at the
// terminal, or, where standard input is none, its one line. Errors: kBadRequest, with what to do.
Result<std::string> ReadPassword(const std::string& file, const std::string& name);

}  // namespace candor
