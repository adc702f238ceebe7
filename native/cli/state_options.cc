#include "native/cli/state_options.h"

namespace candor {

void AddStateOptions(CLI::App& command, std::string& folder, std::string& database) {
  command.add_option("--state-folder", folder,
                     "Where counts, decisions and reports are kept (default: "
                     "$CANDOR_STATE_FOLDER, $STATE_DIRECTORY, or ~/.local/state/candor)");
  command.add_option("--state-database", database,
                     "A PostgreSQL URL or connection string, without a password: decisions and "
                     "reports are kept there, and shared by several nodes (default: "
                     "$CANDOR_STATE_DATABASE, or none)");
}

}  // namespace candor
