// How a command of the reporter ends: what it prints, and the exit status of the program.
#pragma once

#include <string>
#include <string_view>

#include "core/json_writer.h"
#include "core/result.h"
#include "core/sink.h"

namespace candor {

// Writes to a file, or to standard output for "" and "-". The exit status: failed when it cannot.
int Give(std::string_view bytes, const std::string& path = "");

// One line for people on standard error.
void Tell(const std::string& line);

// Says every problem on standard error. The exit status: failed when a file, a folder or the
// service could not be used, or the command was called wrongly; else refused.
int Refuse(const Problems& problems, bool json);
// The same without a word.
int RefusedStatus(const Problems& problems);
Problems OneProblem(ErrorCode code, std::string where, std::string message);

}  // namespace candor
