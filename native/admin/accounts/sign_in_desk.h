// Checking a name and a password, in all ways in which they come: limited in number, told by the
// audit, and remembered for programs that send them with every request. Safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/admin/accounts/accounts.h"
#include "native/admin/accounts/admin_database.h"
#include "native/admin/accounts/sign_in_limits.h"
#include "native/base/clock.h"
#include "native/base/random.h"

namespace candor {

struct SignInAnswer {
  enum class Kind {
    kRight,
    kWrong,
    kTooMany,      // Tries; not looked at.
    kUnavailable,  // The accounts cannot be read now, or too many sign in at this moment.
  };
  Kind kind = Kind::kWrong;
  Account account;           // Where it is kRight.
  std::int64_t wait_ms = 0;  // Where it is kTooMany or kUnavailable.
};

class SignInDesk {
 public:
  // How long the right password of a program is remembered.
  static constexpr std::int64_t kRememberMs = 60'000;
  static constexpr std::size_t kMostRemembered = 1'024;

  // All are borrowed.
  SignInDesk(AdminDatabase& database, Accounts& accounts, Clock& clock, Random& random);
  ~SignInDesk();

  // For a session that begins. `from`: the peer's address.
  SignInAnswer Check(std::string_view name, std::string_view password, const std::string& from) {
    return Try(name, password, from, "account");
  }
  // For one request; cheap where the same was right a minute ago and the account did not change.
  SignInAnswer CheckRequest(std::string_view name, std::string_view password,
                            const std::string& from);
  // Whether the account has not changed since CheckRequest gave it.
  bool IsCurrent(const std::string& name, std::int64_t generation);

  // Tells the audit that somebody is here who signs in elsewhere, or with every request: once a day
  // and place.
  void TellSeen(const std::string& user, Role role, const std::string& from, std::string_view via);

 private:
  struct Remembered {
    std::int64_t generation = 0, until_ms = 0;
  };
  SignInAnswer Try(std::string_view name, std::string_view password, const std::string& from,
                   std::string_view via);
  void TellRefused(std::string_view name, const std::string& from, std::string_view via);
  void Remember(const std::string& what, std::int64_t generation);

  AdminDatabase& database_;
  Accounts& accounts_;
  Clock& clock_;
  SignInLimits limits_;
  std::string key_;   // Of this process: what is remembered opens nothing elsewhere.
  std::mutex mutex_;  // Of all below.
  std::map<std::string, Remembered> remembered_;
  std::map<std::string, std::int64_t> told_;  // When, by user, way and place.
  // Refusals are told as far as their number is bounded; how many were not, in the next one.
  Buckets refusals_{{50, 300'000}, 1};
  std::int64_t untold_ = 0;
};

}  // namespace candor
