#include "native/cli/state_commands.h"

#include "core/operation.h"
#include "core/text.h"
#include "native/cli/answer.h"
#include "native/import/environment.h"
#include "native/reporter/setup.h"
#include "native/state/postgres_schema.h"
#include "native/state/state_move.h"

namespace candor {
namespace {

std::string Json(const Moved& moved) {
  return JsonObject([&](JsonWriter& writer) {
    const auto text = [&writer](std::string_view key, std::string_view value) {
      writer.Key(key);
      writer.String(value);
    };
    text("installation", moved.installation);
    text("from", moved.from);
    text("to", moved.to);
    writer.Key("entries");
    writer.Integer(moved.entries);
    writer.Key("reports");
    writer.Integer(moved.reports);
    writer.Key("wasThere");
    writer.Boolean(moved.was_there);
    if (!moved.put_away.empty()) text("putAway", moved.put_away);
  });
}

std::string Text(const Moved& moved) {
  std::string text = moved.was_there ? "Finished what was interrupted: the state of " : "Moved ";
  text += "installation " + moved.installation + " with " + Decimal(moved.entries) +
          " journal entries and " + Decimal(moved.reports) + " reports\nfrom " + moved.from +
          "\nto " + moved.to + "\n";
  if (moved.put_away.empty()) {
    return text + "The database still holds what was moved, and refuses to be used.\n";
  }
  return text + "What was moved is kept in the folder as " + moved.put_away +
         ", reports included; remove it when it is needed no more.\n";
}

}  // namespace

StateCommands::StateCommands(CLI::App& app, std::function<int()>& run) {
  CLI::App* state = app.add_subcommand("state", "Where a state is kept, and moving it");
  state->require_subcommand(1);

  CLI::App* move = state->add_subcommand(
      "move", "Carry a state from a folder to PostgreSQL, or back, while nobody uses it");
  CLI::Option* to = move->add_option("--to-database", to_database_,
                                     "From the folder to this PostgreSQL: a URL or connection "
                                     "string, without a password");
  CLI::Option* from =
      move->add_option("--from-database", from_database_, "From this PostgreSQL to the folder");
  to->excludes(from);
  move->add_option("--state-folder", folder_,
                   "The folder (default: $CANDOR_STATE_FOLDER, $STATE_DIRECTORY, or "
                   "~/.local/state/candor)");
  move->add_flag("--force", force_,
                 "Although nodes used the database just now, or an interrupted move was going "
                 "elsewhere: only when the first have ended and the second is lost");
  move->add_flag("--json", json_, "Results and problems for machines");
  move->footer(
      "The target must be empty; the source cannot be used any more afterwards. Called again, it "
      "finishes what was\ninterrupted. From one PostgreSQL to another: by way of a folder.\n"
      "Example: candor state move --to-database postgresql://candor@db.example/candor");
  move->callback([this, &run] { run = [this] { return Move(); }; });

  state
      ->add_subcommand("schema",
                       "Print what makes the tables in PostgreSQL, for those who make them by hand")
      ->callback([&run] { run = [] { return Give(PostgresSchema()); }; });
}

int StateCommands::Move() {
  if (to_database_.empty() == from_database_.empty()) {
    return Refuse(OneProblem(ErrorCode::kBadRequest, "--to-database",
                             "or --from-database is needed, with a PostgreSQL URL or connection "
                             "string"),
                  json_);
  }
  MoveOrder order;
  order.folder = StateFolder(folder_, ProcessEnvironment());
  if (order.folder.empty()) {
    return Refuse(OneProblem(ErrorCode::kBadRequest, "--state-folder",
                             "is needed where neither CANDOR_STATE_FOLDER nor HOME is set"),
                  json_);
  }
  order.counters = CountersPath(order.folder);
  order.database = to_database_.empty() ? from_database_ : to_database_;
  order.force = force_;
  const Result<Moved> moved = to_database_.empty() ? MoveToFolder(order) : MoveToDatabase(order);
  if (!moved.ok()) return Refuse(moved.problems(), json_);
  return Give(json_ ? Json(moved.value()) : Text(moved.value()));
}

}  // namespace candor
