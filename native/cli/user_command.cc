#include "native/cli/user_command.h"

#include <memory>
#include <utility>
#include <vector>

#include "core/json_writer.h"
#include "core/operation.h"
#include "core/text.h"
#include "core/time_text.h"
#include "native/admin/accounts.h"
#include "native/admin/admin_database.h"
#include "native/admin/secrets.h"
#include "native/base/clock.h"
#include "native/base/random.h"
#include "native/cli/answer.h"
#include "native/cli/new_password.h"
#include "native/cli/report_commands.h"
#include "native/import/environment.h"
#include "native/reporter/setup.h"

namespace candor {
namespace {

constexpr char kFrom[] = "command line";

// The accounts of a state folder.
struct Opened {
  std::unique_ptr<AdminDatabase> database;
  PasswordHasher hasher;
  std::unique_ptr<Accounts> accounts;
};

Result<std::unique_ptr<Opened>> Open(const std::string& typed) {
  const std::string folder = StateFolder(typed, ProcessEnvironment());
  if (folder.empty()) {
    return Error{ErrorCode::kBadRequest, "--state-folder",
                 "is needed where neither CANDOR_STATE_FOLDER nor HOME is set"};
  }
  Result<std::unique_ptr<AdminDatabase>> database = AdminDatabase::Open(folder, SystemRandom());
  if (!database.ok()) return std::move(database).problems();
  auto opened = std::make_unique<Opened>();
  opened->database = std::move(database).value();
  opened->accounts = std::make_unique<Accounts>(*opened->database, opened->hasher, SystemClock());
  return opened;
}

Doer Me() { return {LoginName(), kFrom}; }

int End(const std::optional<Problems>& problems, bool json) {
  return problems ? Refuse(*problems, json) : static_cast<int>(kExitGood);
}

std::string Json(const std::vector<Account>& accounts) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("accounts");
    writer.BeginArray();
    for (const Account& account : accounts) {
      writer.BeginObject();
      writer.Key("name");
      writer.String(account.name);
      writer.Key("role");
      writer.String(Name(account.role));
      writer.Key("createdMs");
      writer.Integer(account.created_ms);
      writer.Key("lastMs");
      account.last_ms ? writer.Integer(*account.last_ms) : writer.Null();
      writer.EndObject();
    }
    writer.EndArray();
  });
}

std::string Text(const std::vector<Account>& accounts) {
  if (accounts.empty()) return "There is no account yet.\n";
  std::string text;
  for (const Account& account : accounts) {
    const std::string last =
        account.last_ms ? "last here " + TimeText(*account.last_ms) : "never here";
    text += account.name + "\t" + std::string(Name(account.role)) + "\t" + last + "\n";
  }
  return text;
}

}  // namespace

UserCommand::UserCommand(CLI::App& app, std::function<int()>& run) {
  CLI::App* user = app.add_subcommand("user", "The page's accounts: who may look, and who decide");
  user->require_subcommand(1);
  CLI::App* add = Add(*user, "add", "Add an account; the first one is a superuser's",
                      &UserCommand::AddAccount, run);
  CLI::App* list = user->add_subcommand("list", "Who has an account, and as what");
  list->add_option("--state-folder", state_, "As `candor serve` has it");
  list->add_flag("--json", json_, "For machines");
  list->callback([this, &run] { run = [this] { return List(); }; });
  Add(*user, "remove", "Remove an account; its sessions end", &UserCommand::Remove, run);
  CLI::App* role =
      Add(*user, "role", "Give another role; sessions end", &UserCommand::SetRole, run);
  Add(*user, "passwd", "Set another password; sessions end", &UserCommand::SetPassword, run);
  add->add_option("--role", role_, "viewer or superuser")->capture_default_str();
  role->add_option("ROLE", role_, "viewer or superuser")->required();
  user->footer(
      "A password is asked for at a terminal, or else read as one line of standard input.\n"
      "Example: candor user add ada --role superuser");
}

CLI::App* UserCommand::Add(CLI::App& user, const char* name, const char* description,
                           int (UserCommand::*does)(), std::function<int()>& run) {
  CLI::App* command = user.add_subcommand(name, description);
  command->add_option("NAME", name_, "Of the account")->required();
  command->add_option("--state-folder", state_,
                      "As `candor serve` has it (default: $CANDOR_STATE_FOLDER, "
                      "$STATE_DIRECTORY, or ~/.local/state/candor)");
  command->add_flag("--json", json_, "Problems for machines");
  command->callback([this, &run, does] { run = [this, does] { return (this->*does)(); }; });
  return command;
}

int UserCommand::AddAccount() {
  const std::optional<Role> role = RoleNamed(role_);
  if (!role) {
    return Refuse(OneProblem(ErrorCode::kOutOfRange, "--role", "must be viewer or superuser"),
                  json_);
  }
  Result<std::unique_ptr<Opened>> opened = Open(state_);
  if (!opened.ok()) return Refuse(opened.problems(), json_);
  Result<std::string> password = ReadNewPassword();
  if (!password.ok()) return Refuse(password.problems(), json_);
  NewAccount account{name_, *role, std::move(password).value()};
  const Wiped wiped(account.password);
  return End(opened.value()->accounts->Add(account, Me()), json_);
}

int UserCommand::List() {
  Result<std::unique_ptr<Opened>> opened = Open(state_);
  if (!opened.ok()) return Refuse(opened.problems(), json_);
  const Result<std::vector<Account>> accounts = opened.value()->accounts->List();
  if (!accounts.ok()) return Refuse(accounts.problems(), json_);
  return Give(json_ ? Json(accounts.value()) : Text(accounts.value()));
}

int UserCommand::Remove() {
  Result<std::unique_ptr<Opened>> opened = Open(state_);
  if (!opened.ok()) return Refuse(opened.problems(), json_);
  return End(opened.value()->accounts->Remove(name_, Me()), json_);
}

int UserCommand::SetRole() {
  const std::optional<Role> role = RoleNamed(role_);
  if (!role) {
    return Refuse(OneProblem(ErrorCode::kOutOfRange, "ROLE", "must be viewer or superuser"), json_);
  }
  Result<std::unique_ptr<Opened>> opened = Open(state_);
  if (!opened.ok()) return Refuse(opened.problems(), json_);
  return End(opened.value()->accounts->SetRole(name_, *role, Me()), json_);
}

int UserCommand::SetPassword() {
  Result<std::unique_ptr<Opened>> opened = Open(state_);
  if (!opened.ok()) return Refuse(opened.problems(), json_);
  Result<std::string> read = ReadNewPassword();
  if (!read.ok()) return Refuse(read.problems(), json_);
  std::string password = std::move(read).value();
  const Wiped wiped(password);
  return End(opened.value()->accounts->SetPassword(name_, password, Me()), json_);
}

}  // namespace candor
