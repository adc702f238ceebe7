// candor user: the accounts of the admin page, also while the server runs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "native/admin/accounts/accounts.h"

namespace candor {

class UserCommand {
 public:
  // Adds the commands to `app`. `run` is given the one that was typed, once it was parsed.
  UserCommand(CLI::App& app, std::function<int()>& run);

 private:
  struct Open;
  using Work = int (UserCommand::*)(Open&);
  CLI::App* Add(CLI::App& user, std::function<int()>& run, const char* name,
                const char* description, Work work);
  void AddName(CLI::App* command);
  void AddPassword(CLI::App* command);
  int Do(Work work);

  int AddAccount(Open& open);
  int List(Open& open);
  int Remove(Open& open);
  int ChangePassword(Open& open);
  int ChangeRole(Open& open);
  int ShowAudit(Open& open);

  std::string state_, name_, role_, password_file_;
  bool json_ = false;
};

}  // namespace candor
