#include "native/cli/state_commands.h"

#include "native/cli/answer.h"
#include "native/state/postgres_schema.h"

namespace candor {

StateCommands::StateCommands(CLI::App& app, std::function<int()>& run) {
  CLI::App* state = app.add_subcommand("state", "Where a state is kept");
  state->require_subcommand(1);
  state
      ->add_subcommand("schema",
                       "Print what makes the tables in PostgreSQL, for those who make them by hand")
      ->callback([&run] { run = [] { return Give(PostgresSchema()); }; });
}

}  // namespace candor
