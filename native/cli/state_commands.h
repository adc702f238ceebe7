// candor state move and schema: where a state is kept.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace candor {

class StateCommands {
 public:
  // Adds the commands to `app`. `run` is given the one that was typed, once it was parsed.
  StateCommands(CLI::App& app, std::function<int()>& run);

 private:
  int Move();

  std::string to_database_, from_database_, folder_;
  bool force_ = false, json_ = false;
};

}  // namespace candor
