// Runs a shell command and keeps what it said.
#pragma once

#include <string>

namespace candor {

struct Ran {
  int status = -1;
  std::string output;  // Standard output and error together.
};

// Without standard input.
Ran RunLine(const std::string& line);

}  // namespace candor
