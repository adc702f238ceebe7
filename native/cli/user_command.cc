#include "native/cli/user_command.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/operation.h"
#include "core/text.h"
#include "core/time_text.h"
#include "native/admin/accounts/account_json.h"
#include "native/admin/accounts/audit.h"
#include "native/base/secrets.h"
#include "native/cli/answer.h"
#include "native/cli/password_input.h"
#include "native/cli/report_commands.h"
#include "native/import/environment.h"
#include "native/reporter/setup.h"

namespace candor {
namespace {

constexpr std::size_t kMostAuditEntries = 100'000;

Doer ThisUser() { return {LoginName(), "command line"}; }

// With the places of the command line.
int RefuseTyped(const Problems& problems, bool json, const char* role = "--role") {
  Problems typed;
  for (Error error : problems.list()) {
    if (error.where == "/name") error.where = "NAME";
    if (error.where == "/role") error.where = role;
    if (error.where == "/password") error.where = "the password";
    typed.Add(std::move(error));
  }
  return Refuse(typed, json);
}

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

std::string Table(const std::vector<Account>& accounts) {
  std::string text;
  for (const Account& account : accounts) {
    text += Padded(account.name, 24) + Padded(std::string(Name(account.role)), 12) +
            (account.last_ms ? "last signed in " + TimeText(*account.last_ms) : "never signed in") +
            "\n";
  }
  return text.empty() ? "There is no account yet.\n" : text;
}

}  // namespace

// What every one of them works with.
struct UserCommand::Open {
  explicit Open(std::unique_ptr<AdminDatabase> opened)
      : database(std::move(opened)), accounts(*database, hasher, SystemClock()) {}
  std::unique_ptr<AdminDatabase> database;
  PasswordHasher hasher;
  Accounts accounts;
};

UserCommand::UserCommand(CLI::App& app, std::function<int()>& run) {
  CLI::App* user = app.add_subcommand("user", "Who may sign in to the admin page, and as what");
  user->require_subcommand(1);
  CLI::App* add = Add(*user, run, "add", "Add an account", &UserCommand::AddAccount);
  AddName(add);
  add->add_option("--role", role_,
                  "viewer may look, superuser decides (default: superuser for the first account, "
                  "viewer for all others)");
  AddPassword(add);
  add->footer("Example: candor user add --role superuser ada");
  Add(*user, run, "list", "List the accounts", &UserCommand::List);
  AddName(
      Add(*user, run, "remove", "Remove an account, and end its sessions", &UserCommand::Remove));
  CLI::App* password = Add(*user, run, "passwd", "Set an account's password, and end its sessions",
                           &UserCommand::ChangePassword);
  AddName(password);
  AddPassword(password);
  CLI::App* role = Add(*user, run, "role", "Change an account's role, and end its sessions",
                       &UserCommand::ChangeRole);
  AddName(role);
  role->add_option("ROLE", role_, "viewer or superuser")->required();
  Add(*user, run, "audit", "Check that nothing was changed in the audit, and print it",
      &UserCommand::ShowAudit);
}

CLI::App* UserCommand::Add(CLI::App& user, std::function<int()>& run, const char* name,
                           const char* description, Work work) {
  CLI::App* command = user.add_subcommand(name, description);
  command->add_option("--state-folder", state_,
                      "The folder of the server (default: $CANDOR_STATE_FOLDER, "
                      "$STATE_DIRECTORY, or ~/.local/state/candor)");
  command->add_flag("--json", json_, "Results and problems for machines");
  command->callback([this, &run, work] { run = [this, work] { return Do(work); }; });
  return command;
}

void UserCommand::AddName(CLI::App* command) {
  command->add_option("NAME", name_, "The name; case does not matter")->required();
}

void UserCommand::AddPassword(CLI::App* command) {
  command->add_option("--password-file", password_file_,
                      "A file that holds the password as its one line, or - (default: typed at "
                      "the terminal, or else standard input)");
}

int UserCommand::Do(Work work) {
  const std::string folder = StateFolder(state_, ProcessEnvironment());
  if (folder.empty()) {
    return Refuse(OneProblem(ErrorCode::kBadRequest, "--state-folder",
                             "is needed where neither CANDOR_STATE_FOLDER nor HOME is set"),
                  json_);
  }
  Result<std::unique_ptr<AdminDatabase>> database = AdminDatabase::Open(folder, SystemRandom());
  if (!database.ok()) return Refuse(database.problems(), json_);
  Open open(std::move(database).value());
  return (this->*work)(open);
}

int UserCommand::AddAccount(Open& open) {
  const Result<bool> empty = open.accounts.IsEmpty();
  if (!empty.ok()) return Refuse(empty.problems(), json_);
  NewAccount wanted;
  wanted.name = name_;
  wanted.role = empty.value() ? Role::kSuperuser : Role::kViewer;
  if (!role_.empty()) wanted.role = RoleNamed(role_).value_or(Role::kNone);
  Result<std::string> password = ReadPassword(password_file_, name_);
  if (!password.ok()) return Refuse(password.problems(), json_);
  wanted.password = std::move(password).value();
  const Wiped wiped(wanted.password);
  if (const auto problems = open.accounts.Add(wanted, ThisUser())) {
    return RefuseTyped(*problems, json_);
  }
  if (!json_) Tell("Added " + name_ + " as a " + std::string(Name(wanted.role)) + ".");
  return json_ ? List(open) : static_cast<int>(kExitGood);
}

int UserCommand::List(Open& open) {
  const Result<std::vector<Account>> accounts = open.accounts.List();
  if (!accounts.ok()) return Refuse(accounts.problems(), json_);
  return Give(json_ ? AccountsJson(accounts.value()) : Table(accounts.value()));
}

int UserCommand::Remove(Open& open) {
  if (const auto problems = open.accounts.Remove(name_, ThisUser())) {
    return RefuseTyped(*problems, json_);
  }
  if (!json_) Tell("Removed " + name_ + "; whoever was signed in by it is out.");
  return json_ ? List(open) : static_cast<int>(kExitGood);
}

int UserCommand::ChangePassword(Open& open) {
  const Result<std::optional<Account>> found = open.accounts.Find(name_);
  if (!found.ok()) return Refuse(found.problems(), json_);
  if (!found.value()) {
    return Refuse(OneProblem(ErrorCode::kNotFound, "NAME", "there is no such account"), json_);
  }
  Result<std::string> password = ReadPassword(password_file_, name_);
  if (!password.ok()) return Refuse(password.problems(), json_);
  std::string wanted = std::move(password).value();
  const Wiped wiped(wanted);
  if (const auto problems = open.accounts.SetPassword(name_, wanted, ThisUser())) {
    return RefuseTyped(*problems, json_);
  }
  if (!json_) Tell("The password is set; whoever was signed in as " + name_ + " is out.");
  return json_ ? List(open) : static_cast<int>(kExitGood);
}

int UserCommand::ChangeRole(Open& open) {
  const std::optional<Role> role = RoleNamed(role_);
  if (!role) {
    return Refuse(OneProblem(ErrorCode::kOutOfRange, "ROLE", "must be viewer or superuser"), json_);
  }
  if (const auto problems = open.accounts.SetRole(name_, *role, ThisUser())) {
    return RefuseTyped(*problems, json_, "ROLE");
  }
  if (!json_) Tell(name_ + " is a " + role_ + " now.");
  return json_ ? List(open) : static_cast<int>(kExitGood);
}

int UserCommand::ShowAudit(Open& open) {
  const Result<std::int64_t> whole = VerifyAudit(*open.database);
  if (!whole.ok()) return Refuse(whole.problems(), json_);
  const Result<std::vector<AuditEntry>> entries = ListAudit(*open.database, kMostAuditEntries);
  if (!entries.ok()) return Refuse(entries.problems(), json_);
  return Give(AuditJson(entries.value()));
}

}  // namespace candor
