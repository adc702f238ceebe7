#include "native/admin/accounts/account_rows.h"

#include "native/admin/accounts/password_rules.h"

namespace candor {

AccountRow AccountOf(Statement& row) {
  AccountRow read;
  read.account.name = row.Text(0);
  read.account.role = RoleNamed(row.Text(1)).value_or(Role::kNone);
  read.account.created_ms = row.Integer(2);
  if (!row.IsNull(3)) read.account.last_ms = row.Integer(3);
  read.account.generation = row.Integer(4);
  read.password = row.Text(5);
  return read;
}

std::optional<Error> ReadAccount(Database& database, std::string_view name,
                                 std::optional<AccountRow>& row) {
  const std::string folded = FoldedName(name);
  const std::string sql =
      "SELECT " + std::string(kAccountColumns) + " FROM accounts WHERE folded = ?";
  Statement read(database, sql, "read the accounts");
  read.Bind(folded);
  row.reset();
  if (read.Row()) row = AccountOf(read);
  return read.error();
}

std::optional<Error> TakeGeneration(Database& database, std::int64_t& generation) {
  Statement read(database, "UPDATE store SET generation = generation + 1 RETURNING generation",
                 "change the accounts");
  if (read.Row()) generation = read.Integer(0);
  return read.Run();
}

std::optional<Error> CountAccounts(Database& database, std::int64_t& all,
                                   std::int64_t& superusers) {
  Statement read(database,
                 "SELECT count(*), count(*) FILTER (WHERE role = 'superuser') FROM accounts",
                 "read the accounts");
  if (read.Row()) {
    all = read.Integer(0);
    superusers = read.Integer(1);
  }
  return read.error();
}

}  // namespace candor
