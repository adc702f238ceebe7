#include "native/cli/reporter_commands.h"

#include <utility>

#include "native/cli/history_commands.h"
#include "native/cli/state_options.h"

namespace candor {

ReporterCommands::ReporterCommands(CLI::App& app, std::function<int()>& run)
    : run_(run), who_(LoginName()) {
  AddReports(app);
  AddConsent(app);
  AddHistory(app);
}

CLI::App* ReporterCommands::Add(CLI::App& parent, const char* name, const char* description,
                                std::function<int()> command) {
  CLI::App* added = parent.add_subcommand(name, description);
  added->add_option("--config", session_.configs, "JSON, YAML or XML; later ones win")
      ->allow_extra_args(false);
  AddStateOptions(*added, session_.state_folder, session_.state_database);
  added->add_option("--catalogue", session_.catalogue,
                    "A built-in catalogue, or a file (default: as configured)");
  added->add_option("--profile", session_.profile, "The catalogue's profile, e.g. 7.14");
  added->add_flag("--json", session_.json, "Results and problems for machines");
  added->add_flag("--verbose", session_.verbose, "Say everything that the reporter logs");
  added->callback([this, command = std::move(command)] { run_ = command; });
  return added;
}

void ReporterCommands::AddFacts(CLI::App* command) {
  command->add_option("--facts", session_.facts.facts,
                      "The facts document (default: what the host last left)");
  command
      ->add_option("--scrape", session_.facts.scrapes,
                   "COMPONENT=FILE: an exposition of a configured component")
      ->allow_extra_args(false);
}

void ReporterCommands::AddWho(CLI::App* command) {
  command->add_option("--as", who_, "Who decides, for the record (default: your login name)");
}

void ReporterCommands::AddWithheld(CLI::App* command) {
  command
      ->add_option("--withhold", withheld_,
                   "A field to hold back, e.g. /product/internals/commands")
      ->allow_extra_args(false);
}

void ReporterCommands::AddReports(CLI::App& app) {
  Add(app, "status", "Say what is done and why, what is next, and where reports go",
      [this] { return StatusCommand(session_); });

  CLI::App* preview = Add(app, "preview", "Print the exact bytes that would be sealed now", [this] {
    preview_.withheld = withheld_;
    return PreviewCommand(session_, preview_);
  });
  AddFacts(preview);
  AddWithheld(preview);
  preview->add_option("-o,--output", preview_.output, "Write the report to this file");
  preview->add_option("--bundle", preview_.bundle,
                      "And all that it is made from to this file, for the stand-alone page");
  preview->add_flag("--if-granted", preview_.if_granted,
                    "As a new yes would send it, also where an older one covers less");
  preview->footer("Example: candor preview --config candor.yaml -o report.json");

  AddFacts(Add(app, "seal", "Seal the next report now; it goes out when it is due",
               [this] { return SealCommand(session_); }));
  AddFacts(Add(app, "send", "Seal if needed, and send now, due or not; somebody must have agreed",
               [this] { return SendCommand(session_); }));
  AddWho(Add(app, "withdraw", "Take the waiting report back; its counts are dropped for good",
             [this] { return WithdrawCommand(session_, who_); }));
}

void ReporterCommands::AddErase(CLI::App& app) {
  CLI::App* erase =
      Add(app, "erase", "Have the service delete this installation's reports", [this] {
        erase_.who = who_;
        return EraseCommand(session_, erase_);
      });
  AddWho(erase);
  erase->add_flag("--yes", erase_.yes, "Without being asked first");
  erase->footer(
      "For reports that were made with \"erasable\": true. The one command that connects "
      "also after a no.");
}

void ReporterCommands::AddConsent(CLI::App& app) {
  CLI::App* consent = app.add_subcommand("consent", "See and make the decision");
  consent->require_subcommand(1);
  Add(*consent, "show", "Who decided what, and what came since",
      [this] { return ConsentShowCommand(session_); });

  CLI::App* grant = Add(*consent, "grant", "Say yes to a report that was looked at", [this] {
    grant_.who = who_;
    grant_.withheld = withheld_;
    return ConsentGrantCommand(session_, grant_);
  });
  AddFacts(grant);
  AddWho(grant);
  AddWithheld(grant);
  grant->add_option("--report", grant_.report_file, "The file that `candor preview -o` wrote");
  grant->add_option("--digest", grant_.digest, "Or its SHA-256");
  grant->add_flag("--yes", grant_.yes, "A yes without a preview: the counts start afresh");
  grant->footer(
      "At a terminal the report is shown and you are asked. Exactly what was looked at is sealed "
      "as "
      "the first report.\nExample: candor consent grant --config candor.yaml --report report.json");

  AddWho(Add(*consent, "deny", "Say no; nothing leaves, and reports are wiped",
             [this] { return ConsentDenyCommand(session_, who_); }));
  CLI::App* withhold = Add(*consent, "withhold", "Hold fields back, and agree to the rest", [this] {
    withhold_.who = who_;
    return ConsentWithholdCommand(session_, withhold_);
  });
  AddWho(withhold);
  withhold->add_option("ID", withhold_.ids, "Fields, e.g. /product/internals/commands");
  withhold->add_flag("--none", withhold_.none, "Hold nothing back any longer");

  CLI::App* toggle = Add(app, "toggle", "The engine's switch: a yes without a preview, or a no",
                         [this] { return ToggleCommand(session_, who_, toggle_ == "on"); });
  AddWho(toggle);
  toggle->add_option("STATE", toggle_, "on or off")
      ->required()
      ->check(CLI::IsMember({"on", "off"}));
}

void ReporterCommands::AddHistory(CLI::App& app) {
  CLI::App* history = app.add_subcommand("history", "Every report ever sealed, and its fate");
  history->require_subcommand(1);
  Add(*history, "list", "The reports, newest first",
      [this] { return HistoryListCommand(session_); });
  CLI::App* show = Add(*history, "show", "One report's record, or its exact bytes",
                       [this] { return HistoryShowCommand(session_, id_, bytes_); });
  show->add_option("REPORT", id_, "Its id")->required();
  show->add_flag("--bytes", bytes_, "The bytes as they were sealed");
  Add(*history, "export", "The whole journal, for others to verify", [this] {
    return HistoryExportCommand(session_, output_);
  })->add_option("-o,--output", output_, "Write it to this file");
  AddVerify(*history);
  AddVerify(app);
  AddReceipt(app);
  AddErase(app);
}

void ReporterCommands::AddVerify(CLI::App& parent) {
  CLI::App* verify = Add(parent, "verify", "Check the history, and every receipt in it", [this] {
    return file_.empty() ? HistoryVerifyCommand(session_)
                         : HistoryVerifyFileCommand(session_, file_);
  });
  verify->add_option("FILE", file_, "An exported journal; checked without a state folder");
  verify->footer(
      "Needs no network. Receipts are checked with the configured receiptKeys, or else with the "
      "keys that the service published. Exit status 2: something was changed, taken out or put "
      "in, or a receipt is wrong; 1: a receipt is signed by an unknown key.");
}

void ReporterCommands::AddReceipt(CLI::App& app) {
  CLI::App* receipt = app.add_subcommand("receipt", "What the service signed for a report");
  receipt->require_subcommand(1);
  CLI::App* add = Add(*receipt, "add", "Put a receipt that was brought back into the history",
                      [this] { return ReceiptAddCommand(session_, receipt_); });
  add->add_option("FILE", receipt_.file, "The receipt as the service answered it")->required();
  add->add_option("--keys", receipt_.keys, "And what it answers at /v1/keys");
  add->footer(
      "For reports that were carried to the service by hand. The report that waits counts "
      "as accepted from then on.");
}

}  // namespace candor
