// The rows of accounts, within a transaction of AdminDatabase.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "native/admin/accounts/accounts.h"
#include "native/admin/accounts/admin_database.h"

namespace candor {

struct AccountRow {
  Account account;
  std::string password;  // As PasswordHasher keeps it.
};

// Without an error and without a row: there is none of this name.
std::optional<Error> ReadAccount(Database& database, std::string_view name,
                                 std::optional<AccountRow>& row);
// The next generation, which is then used up.
std::optional<Error> TakeGeneration(Database& database, std::int64_t& generation);
std::optional<Error> CountAccounts(Database& database, std::int64_t& all, std::int64_t& superusers);

// What the columns name, role, created_ms, last_ms, generation and password say.
inline constexpr std::string_view kAccountColumns =
    "name, role, created_ms, last_ms, generation, password";
AccountRow AccountOf(Statement& row);

}  // namespace candor
