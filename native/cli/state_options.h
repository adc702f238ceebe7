// The options that say where a state is kept.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace candor {

void AddStateOptions(CLI::App& command, std::string& folder, std::string& database);

}  // namespace candor
