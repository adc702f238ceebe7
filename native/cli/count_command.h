// candor count: adds to a count of a running `candor serve`, for shell scripts.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

namespace candor {

class CountCommand {
 public:
  // Adds the command to `app`. `run` is given it, once it was typed.
  CountCommand(CLI::App& app, std::function<int()>& run);

 private:
  int Run();

  std::string name_, socket_;
  std::int64_t n_ = 1;
};

}  // namespace candor
