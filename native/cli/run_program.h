// How the programs read what was typed, and end.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace candor {

// Reads the command line, which sets `run`, and runs it. The exit status.
int RunProgram(CLI::App& app, const std::function<int()>& run, int argc, char** argv);

}  // namespace candor
