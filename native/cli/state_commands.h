// candor state: where a state is kept.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace candor {

class StateCommands {
 public:
  // Adds the commands to `app`. `run` is given the one that was typed, once it was parsed.
  StateCommands(CLI::App& app, std::function<int()>& run);
};

}  // namespace candor
