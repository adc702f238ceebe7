// What can be typed of the commands that work on a state folder; what they do is in
// report_commands, consent_commands and history_commands.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "native/cli/consent_commands.h"
#include "native/cli/erase_command.h"
#include "native/cli/receipt_commands.h"
#include "native/cli/report_commands.h"
#include "native/cli/session.h"

namespace candor {

class ReporterCommands {
 public:
  // Adds the commands to `app`. `run` is given the one that was typed, once it was parsed.
  ReporterCommands(CLI::App& app, std::function<int()>& run);

 private:
  CLI::App* Add(CLI::App& parent, const char* name, const char* description,
                std::function<int()> command);
  void AddFacts(CLI::App* command);
  void AddWho(CLI::App* command);
  void AddWithheld(CLI::App* command);
  void AddReports(CLI::App& app);
  void AddConsent(CLI::App& app);
  void AddHistory(CLI::App& app);
  void AddVerify(CLI::App& parent);
  void AddReceipt(CLI::App& app);
  void AddErase(CLI::App& app);

  std::function<int()>& run_;
  SessionOptions session_;
  PreviewOptions preview_;
  GrantOptions grant_;
  WithholdOptions withhold_;
  ReceiptOptions receipt_;
  EraseOptions erase_;
  std::string who_, id_, file_, output_, toggle_;
  std::vector<std::string> withheld_;
  bool bytes_ = false;
};

}  // namespace candor
