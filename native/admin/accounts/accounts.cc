#include "native/admin/accounts/accounts.h"

#include <utility>

#include "native/admin/accounts/account_rows.h"
#include "native/admin/accounts/known_places.h"
#include "native/admin/accounts/password_rules.h"
#include "native/admin/accounts/session_rows.h"

namespace candor {
namespace {

std::string Described(const Account& account) {
  return NoteJson({{"name", account.name}, {"role", Name(account.role)}});
}

Error NoSuchAccount() { return {ErrorCode::kNotFound, "/name", "there is no such account"}; }

// After a change: nobody can be left who could change it again.
std::optional<Error> CheckSuperusers(Database& database, const char* where, const char* why) {
  std::int64_t all = 0, superusers = 0;
  if (auto error = CountAccounts(database, all, superusers)) return error;
  if (superusers > 0) return std::nullopt;
  return Error{ErrorCode::kConflict, where, why};
}

std::optional<Problems> AsProblems(std::optional<Error> error) {
  if (!error) return std::nullopt;
  Problems problems;
  problems.Add(std::move(*error));
  return problems;
}

std::optional<Error> CheckRoom(Database& database, const NewAccount& account, Accounts::When when) {
  std::int64_t all = 0, superusers = 0;
  if (auto error = CountAccounts(database, all, superusers)) return error;
  if (when == Accounts::When::kIfFirst && all > 0) {
    return Error{ErrorCode::kConflict, "", "there is an account already"};
  }
  if (all >= Accounts::kMostAccounts) {
    return Error{ErrorCode::kOverLimit, "", "there are 1,000 accounts, and no more can be made"};
  }
  std::optional<AccountRow> same;
  if (auto error = ReadAccount(database, account.name, same)) return error;
  if (!same) return std::nullopt;
  return Error{ErrorCode::kConflict, "/name", "there is an account of this name"};
}

std::optional<Error> InsertAccount(const AdminTables& tables, const Account& account,
                                   const std::string& password) {
  const std::string folded = FoldedName(account.name);
  return Statement(tables.database, "INSERT INTO accounts VALUES(?, ?, ?, ?, ?, ?, NULL)",
                   "add an account")
      .Bind(folded)
      .Bind(account.name)
      .Bind(Name(account.role))
      .Bind(password)
      .Bind(account.generation)
      .Bind(account.created_ms)
      .Run();
}

}  // namespace

std::string_view Name(Role role) {
  if (role == Role::kViewer) return "viewer";
  return role == Role::kSuperuser ? "superuser" : "";
}

std::optional<Role> RoleNamed(std::string_view name) {
  if (name == "viewer") return Role::kViewer;
  if (name == "superuser") return Role::kSuperuser;
  return std::nullopt;
}

Result<std::vector<Account>> Accounts::List() {
  std::vector<Account> accounts;
  const auto error = database_.Read([&](const AdminTables& tables) {
    accounts.clear();
    const std::string sql =
        "SELECT " + std::string(kAccountColumns) + " FROM accounts ORDER BY folded";
    Statement rows(tables.database, sql, "read the accounts");
    while (rows.Row()) accounts.push_back(AccountOf(rows).account);
    return rows.error();
  });
  if (error) return *error;
  return accounts;
}

Result<bool> Accounts::IsEmpty() {
  std::int64_t all = 0, superusers = 0;
  const auto error = database_.Read(
      [&](const AdminTables& tables) { return CountAccounts(tables.database, all, superusers); });
  if (error) return *error;
  return all == 0;
}

Result<std::optional<Account>> Accounts::Find(std::string_view name) {
  std::optional<AccountRow> row;
  const auto error = database_.Read(
      [&](const AdminTables& tables) { return ReadAccount(tables.database, name, row); });
  if (error) return *error;
  if (!row) return std::optional<Account>();
  return std::optional<Account>(std::move(row->account));
}

Problems Accounts::Check(const NewAccount& account) {
  Problems problems;
  CheckAccountName(account.name, problems);
  if (account.role == Role::kNone) {
    problems.Add({ErrorCode::kOutOfRange, "/role", "must be \"viewer\" or \"superuser\""});
  }
  candor::CheckPassword(account.password, account.name, "/password", problems);
  return problems;
}

std::optional<Problems> Accounts::Add(const NewAccount& account, const Doer& actor, When when) {
  if (Problems problems = Check(account); !problems.empty()) return problems;
  Result<std::string> password = hasher_.Hash(account.password);
  if (!password.ok()) return std::move(password).problems();
  return AsProblems(database_.Write([&](const AdminTables& tables) -> std::optional<Error> {
    if (auto error = CheckRoom(tables.database, account, when)) return error;
    Account made{account.name, account.role, clock_.Wall(), std::nullopt, 0};
    if (auto error = TakeGeneration(tables.database, made.generation)) return error;
    if (auto error = InsertAccount(tables, made, password.value())) return error;
    if (auto error = CheckSuperusers(tables.database, "/role",
                                     "must be \"superuser\" for the first account")) {
      return error;
    }
    return AppendAudit(tables, made.created_ms, {"added", actor, {}, Described(made)});
  }));
}

std::optional<Problems> Accounts::Remove(std::string_view name, const Doer& actor) {
  return AsProblems(database_.Write([&](const AdminTables& tables) -> std::optional<Error> {
    std::optional<AccountRow> row;
    if (auto error = ReadAccount(tables.database, name, row)) return error;
    if (!row) return NoSuchAccount();
    const std::string folded = FoldedName(name);
    if (auto error =
            Statement(tables.database, "DELETE FROM accounts WHERE folded = ?", "remove an account")
                .Bind(folded)
                .Run()) {
      return error;
    }
    if (auto error = CheckSuperusers(tables.database, "/name",
                                     "is the last superuser, and cannot be removed")) {
      return error;
    }
    if (auto error =
            AppendAudit(tables, clock_.Wall(), {"removed", actor, Described(row->account), {}})) {
      return error;
    }
    if (auto error = ForgetPlaces(tables, row->account.name)) return error;
    return EndSessionsOf(tables, clock_.Wall(), row->account.name, actor, {});
  }));
}

std::optional<Problems> Accounts::SetRole(std::string_view name, Role role, const Doer& actor) {
  return AsProblems(database_.Write([&](const AdminTables& tables) -> std::optional<Error> {
    std::optional<AccountRow> row;
    if (auto error = ReadAccount(tables.database, name, row)) return error;
    if (!row) return NoSuchAccount();
    if (row->account.role == role) return std::nullopt;
    Account changed = row->account;
    changed.role = role;
    if (auto error = TakeGeneration(tables.database, changed.generation)) return error;
    const std::string folded = FoldedName(name);
    if (auto error = Statement(tables.database,
                               "UPDATE accounts SET role = ?, generation = ? WHERE folded = ?",
                               "change a role")
                         .Bind(Name(role))
                         .Bind(changed.generation)
                         .Bind(folded)
                         .Run()) {
      return error;
    }
    if (auto error = CheckSuperusers(tables.database, "/role",
                                     "must stay \"superuser\": there is no other one")) {
      return error;
    }
    if (auto error = AppendAudit(tables, clock_.Wall(),
                                 {"role", actor, Described(row->account), Described(changed)})) {
      return error;
    }
    return EndSessionsOf(tables, clock_.Wall(), changed.name, actor, {});
  }));
}

std::optional<Problems> Accounts::SetPassword(std::string_view name, const std::string& password,
                                              const Doer& actor, const std::string& kept_session) {
  Problems problems;
  candor::CheckPassword(password, name, "/password", problems);
  if (!problems.empty()) return problems;
  Result<std::string> kept = hasher_.Hash(password);
  if (!kept.ok()) return std::move(kept).problems();
  return AsProblems(database_.Write([&](const AdminTables& tables) -> std::optional<Error> {
    std::optional<AccountRow> row;
    if (auto error = ReadAccount(tables.database, name, row)) return error;
    if (!row) return NoSuchAccount();
    std::int64_t generation = 0;
    if (auto error = TakeGeneration(tables.database, generation)) return error;
    const std::string folded = FoldedName(name);
    if (auto error = Statement(tables.database,
                               "UPDATE accounts SET password = ?, generation = ? WHERE folded = ?",
                               "change a password")
                         .Bind(kept.value())
                         .Bind(generation)
                         .Bind(folded)
                         .Run()) {
      return error;
    }
    if (auto error =
            AppendAudit(tables, clock_.Wall(),
                        {"password", actor, NoteJson({{"name", row->account.name}}), {}})) {
      return error;
    }
    if (auto error = CarryOver(tables, kept_session, row->account, generation)) return error;
    return EndSessionsOf(tables, clock_.Wall(), row->account.name, actor, kept_session);
  }));
}

Result<Accounts::Checked> Accounts::CheckPassword(std::string_view name,
                                                  std::string_view password) {
  std::optional<AccountRow> row;
  const auto error = database_.Read(
      [&](const AdminTables& tables) { return ReadAccount(tables.database, name, row); });
  if (error) return *error;
  Checked checked;
  checked.verdict = hasher_.Verify(row ? row->password : std::string(), password);
  if (checked.verdict == PasswordVerdict::kRight) checked.account = std::move(row->account);
  return checked;
}

}  // namespace candor
