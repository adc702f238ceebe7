// Local accounts: who may sign in with a password, and as what.
//
// Every change is in the audit, in the same transaction. As long as there are accounts, one of them
// is a superuser. Safe from any thread, and for several processes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time_text.h"
#include "native/admin/accounts/admin_database.h"
#include "native/admin/accounts/audit.h"
#include "native/admin/accounts/password_hash.h"
#include "native/admin/admin_request.h"
#include "native/base/clock.h"

namespace candor {

std::string_view Name(Role role);  // "viewer", "superuser"; "" for kNone.
std::optional<Role> RoleNamed(std::string_view name);

struct Account {
  std::string name;
  Role role = Role::kNone;
  UnixMillis created_ms = 0;
  std::optional<UnixMillis> last_ms;  // When it signed in last.
  std::int64_t generation = 0;        // Another one with every password and every role.
};

struct NewAccount {
  std::string name;
  Role role = Role::kViewer;
  std::string password;
};

class Accounts {
 public:
  static constexpr std::int64_t kMostAccounts = 1'000;

  // All are borrowed.
  Accounts(AdminDatabase& database, PasswordHasher& hasher, Clock& clock)
      : database_(database), hasher_(hasher), clock_(clock) {}

  Result<std::vector<Account>> List();  // By name.
  Result<bool> IsEmpty();
  // Nothing when there is none of this name.
  Result<std::optional<Account>> Find(std::string_view name);

  // The checks of Add, every problem at once, with pointers /name, /password and /role.
  static Problems Check(const NewAccount& account);

  // Below, the pointers are /name, /role and /password, too. Errors of all: kUnavailable, kCorrupt.
  enum class When { kAlways, kIfFirst };
  // Errors: kOutOfRange, kNotUtf8, kConflict (there is one of this name; with kIfFirst: there is
  // any), kOverLimit (too many). The first account must be a superuser.
  std::optional<Problems> Add(const NewAccount& account, const Doer& actor,
                              When when = When::kAlways);
  // Its sessions end. Errors: kNotFound, kConflict (it is the last superuser).
  std::optional<Problems> Remove(std::string_view name, const Doer& actor);
  // Its sessions end, where the role is another one than before. Errors: kNotFound, kConflict.
  std::optional<Problems> SetRole(std::string_view name, Role role, const Doer& actor);
  // Its sessions end, but for `kept_session` (an id; "" for none). Errors: kNotFound, kOutOfRange,
  // kNotUtf8.
  std::optional<Problems> SetPassword(std::string_view name, const std::string& password,
                                      const Doer& actor, const std::string& kept_session = {});

  struct Checked {
    PasswordVerdict verdict = PasswordVerdict::kWrong;
    Account account;  // Where it is kRight.
  };
  // Takes as long for names that do not exist. Writes nothing.
  Result<Checked> CheckPassword(std::string_view name, std::string_view password);

 private:
  AdminDatabase& database_;
  PasswordHasher& hasher_;
  Clock& clock_;
};

}  // namespace candor
