#include "native/cli/collector/store_commands.h"

#include "core/operation.h"
#include "core/text.h"
#include "native/cli/answer.h"
#include "native/collector/store/sqlite_backup.h"

namespace candor {

void StoreCommands::Add(CLI::App& app, std::function<int()>& run) {
  CLI::App* const backup =
      app.add_subcommand("backup", "Copy all reports into one file, also while others arrive");
  store_.Add(*backup);
  backup->add_option("FILE", file_, "Must not be there yet")->required();
  backup->footer(
      "FILE is an SQLite database, checked after it was written; put back as reports.db it is the\n"
      "store of that moment. Keep the folder's receipts.key, too: receipts are signed with it.\n"
      "PostgreSQL is backed up with pg_dump.");
  backup->callback([this, &run] { run = [this] { return BackUp(); }; });

  CLI::App* const forget = app.add_subcommand("forget", "Delete all reports of installations");
  store_.Add(*forget);
  forget->add_option("INSTALLATION", installations_, "As the reports name it")->required();
  forget->footer(
      "What is left are digests of report keys, by which a report that is sent once more is not\n"
      "taken for a new one. Backups keep what they hold.");
  forget->callback([this, &run] { run = [this] { return Forget(); }; });
}

int StoreCommands::BackUp() const {
  if (!store_.database.empty()) {
    return Refuse(OneProblem(ErrorCode::kUnavailable, "--store",
                             "is PostgreSQL's, which is backed up with pg_dump"),
                  false);
  }
  const auto error = BackUpReports(store_.folder, file_);
  if (!error) return kExitGood;
  Problems problems;
  problems.Add(*error);
  return Refuse(problems, false);
}

int StoreCommands::Forget() const {
  auto store = OpenCollectorStore(store_.Place(false));
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
