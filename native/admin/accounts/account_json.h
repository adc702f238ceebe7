// Accounts as documents, the same from the server and from the command.
#pragma once

#include <string>
#include <vector>

#include "core/json_writer.h"
#include "native/admin/accounts/accounts.h"

namespace candor {

// {"name", "role", "createdMs", "lastMs"}, lastMs null for who never signed in.
void WriteAccount(JsonWriter& writer, const Account& account);
// {"accounts": [...]}
std::string AccountsJson(const std::vector<Account>& accounts);

}  // namespace candor
