#include "native/cli/collector/store_commands.h"

#include "core/operation.h"
#include "core/text.h"
#include "native/cli/answer.h"
#include "native/collector/open_collector_store.h"
#include "native/collector/sqlite_backup.h"

namespace candor {

void StoreCommands::Add(CLI::App& app, std::function<int()>& run) {
  const auto with_folder = [this](CLI::App* command) {
    command->add_option("--folder", folder_, "Where reports are kept")
        ->envname("CANDOR_COLLECTOR_FOLDER")
        ->required();
    return command;
  };
  CLI::App* const backup = with_folder(
      app.add_subcommand("backup", "Copy all reports into one file, also while others arrive"));
  backup->add_option("FILE", file_, "Must not be there yet")->required();
  backup->footer(
      "FILE is an SQLite database, checked after it was written; put back as reports.db it is the\n"
      "store of that moment. Keep the folder's receipts.key, too: receipts are signed with it.");
  backup->callback([this, &run] { run = [this] { return BackUp(); }; });

  CLI::App* const forget =
      with_folder(app.add_subcommand("forget", "Delete all reports of installations"));
  forget->add_option("INSTALLATION", installations_, "As the reports name it")->required();
  forget->footer(
      "What is left are digests of report keys, by which a report that is sent once more is not\n"
      "taken for a new one. Backups keep what they hold.");
  forget->callback([this, &run] { run = [this] { return Forget(); }; });
}

int StoreCommands::BackUp() const {
  const auto error = BackUpReports(folder_, file_);
  if (!error) return kExitGood;
  Problems problems;
  problems.Add(*error);
  return Refuse(problems, false);
}

int StoreCommands::Forget() const {
  auto store = OpenCollectorStore({folder_, false});
  if (!store.ok()) return Refuse(store.problems(), false);
  for (const std::string& installation : installations_) {
    const Result<std::int64_t> gone = store.value()->Forget(installation);
    if (!gone.ok()) return Refuse(gone.problems(), false);
    Tell(installation + ": " + Decimal(gone.value()) +
         (gone.value() == 1 ? " report deleted" : " reports deleted"));
  }
  return kExitGood;
}

}  // namespace candor
