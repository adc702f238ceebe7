// The one-time link with which a new installation gets its first account. Its token is in memory
// alone. Safe from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/admin/accounts/accounts.h"
#include "native/base/clock.h"
#include "native/base/random.h"

namespace candor {

class SetupLink {
 public:
  static constexpr std::int64_t kLastsMs = 24 * 60 * 60'000;

  // `accounts` and `clock` are borrowed.
  SetupLink(Accounts& accounts, Clock& clock, Random& random);
  ~SetupLink();
  SetupLink(const SetupLink&) = delete;
  SetupLink& operator=(const SetupLink&) = delete;

  // 43 characters; nothing once it was used, is too old, or there is an account.
  std::optional<std::string> token();

  enum class Outcome { kMade, kWrongToken, kRefused };
  // Makes the first superuser. Of several that come with the token at once, one is kMade. Where it
  // is kRefused, `problems` says why (those of Accounts::Check, kUnavailable, kCorrupt), and the
  // token is as good as before.
  Outcome Use(std::string_view token, const NewAccount& account, const Doer& actor,
              Problems& problems);

 private:
  bool IsRight(std::string_view token);
  void End();

  Accounts& accounts_;
  Clock& clock_;
  const std::int64_t ends_boot_ms_;
  std::mutex mutex_;   // Of the token.
  std::string token_;  // "" once it has ended.
};

}  // namespace candor
