// candor probe: what the machine's database, search engine and Java say they are.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "native/probes/prober.h"

namespace candor {

// Adds them to a command of their own, or to serve: `prefix` is "--" or "--probe-".
void AddProbeOptions(CLI::App& command, const std::string& prefix, ProbeOptions& options);

class ProbeCommand {
 public:
  // Adds the command to `app`. `run` is given it, once it was typed.
  ProbeCommand(CLI::App& app, std::function<int()>& run);

 private:
  int Run();

  ProbeOptions options_;
  std::string conninfo_, output_;
};

}  // namespace candor
