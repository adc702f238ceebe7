#include "native/admin/accounts/account_json.h"

namespace candor {

void WriteAccount(JsonWriter& writer, const Account& account) {
  writer.BeginObject();
  writer.Key("name");
  writer.String(account.name);
  writer.Key("role");
  writer.String(Name(account.role));
  writer.Key("createdMs");
  writer.Integer(account.created_ms);
  writer.Key("lastMs");
  if (account.last_ms) {
    writer.Integer(*account.last_ms);
  } else {
    writer.Null();
  }
  writer.EndObject();
}

std::string AccountsJson(const std::vector<Account>& accounts) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("accounts");
    writer.BeginArray();
    for (const Account& account : accounts) WriteAccount(writer, account);
    writer.EndArray();
  });
}

}  // namespace candor
