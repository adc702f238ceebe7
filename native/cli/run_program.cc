#include "native/cli/run_program.h"

#include "core/operation.h"

namespace candor {

int RunProgram(CLI::App& app, const std::function<int()>& run, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has a code of its own for each mistake; ours is always 1.
    return app.exit(error) == 0 ? kExitGood : kExitFailed;
  }
  return run();
}

}  // namespace candor
