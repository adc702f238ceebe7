#include "tests/native/run_program.h"

#include <sys/wait.h>

#include <array>
#include <cstdio>

namespace candor {

Ran RunLine(const std::string& line) {
  Ran ran;
  std::FILE* const pipe = ::popen((line + " 2>&1 < /dev/null").c_str(), "r");
  std::array<char, 4096> block;
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), pipe)) {
    ran.output.append(block.data(), size);
  }
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

}  // namespace candor
