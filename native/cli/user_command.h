// candor user: the page's accounts, beside a running `candor serve` or without one.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace candor {

class UserCommand {
 public:
  // Adds the commands to `app`. `run` is given the one that was typed.
  UserCommand(CLI::App& app, std::function<int()>& run);

 private:
  CLI::App* Add(CLI::App& user, const char* name, const char* description,
                int (UserCommand::*does)(), std::function<int()>& run);
  int AddAccount();
  int List();
  int Remove();
  int SetRole();
  int SetPassword();

  std::string name_, role_ = "viewer", state_;
  bool json_ = false;
};

}  // namespace candor
