// candor-collector: the receiving service's sub-commands.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>

#include "native/cli/collector/import_command.h"
#include "native/cli/collector/quarantine_command.h"
#include "native/cli/collector/serve_command.h"
#include "native/cli/collector/stats_command.h"
#include "native/cli/collector/store_commands.h"
#include "native/cli/request.h"
#include "native/cli/run_program.h"

namespace candor {
namespace {

class Program {
 public:
  Program()
      : app_("Receive reports: each once, nobody's address, counts that add up.",
             "candor-collector") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "candor-collector " CANDOR_VERSION);
    app_.footer(
        "What serve is told may stand in a file, too (--config), and in the environment, as\n"
        "CANDOR_COLLECTOR_NAME; what is typed wins over the environment, and that over the file.\n"
        "Exit status: 0 good, 2 refused with every problem on standard error, 1 anything "
        "else.");
    serve_command_.Add(app_, run_);
    import_command_.Add(app_, run_);
    stats_command_.Add(app_, run_);
    quarantine_command_.Add(app_, run_);
    store_commands_.Add(app_, run_);
  }

  int Run(int argc, char** argv) { return RunProgram(app_, run_, argc, argv); }

 private:
  CLI::App app_;
  ServeCommand serve_command_;
  ImportCommand import_command_;
  StatsCommand stats_command_;
  QuarantineCommand quarantine_command_;
  StoreCommands store_commands_;
  std::function<int()> run_;
};

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  try {
    return candor::Program().Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "candor-collector: %s\n", error.what());
    return candor::kExitFailed;
  }
}
