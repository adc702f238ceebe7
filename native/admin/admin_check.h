// A host application's own answer to the question who asks, in place of local accounts.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candor {

// What a request brings with it, borrowed for the call.
struct AdminCredentials {
  std::string_view method, target;
  const std::vector<std::pair<std::string, std::string>>& headers;
  std::string_view peer;  // An address, or "unix".

  // The value of the only header of this name, case ignored; "" when there is none or several.
  std::string_view Header(std::string_view name) const;
};

struct AdminIdentity {
  std::string user;  // "" for nobody.
  std::vector<std::string> groups;
  // May look, whatever the groups are. A superuser is one by AdminOptions alone.
  bool viewer = true;
};

// Called for every request, from several threads at once. An exception means nobody.
using AdminCheck = std::function<AdminIdentity(const AdminCredentials&)>;

}  // namespace candor
