// Sessions of local accounts. The token is known to the browser alone; the store has its SHA-256,
// so that sessions outlive a restart of the server and a copy of the store opens none of them.
//
// Whose role, password or account is changed, by whatever process, is out at the next request. Safe
// from any thread, and for several processes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time_text.h"
#include "native/admin/accounts/accounts.h"
#include "native/admin/accounts/admin_database.h"
#include "native/admin/accounts/audit.h"
#include "native/base/clock.h"
#include "native/base/random.h"

namespace candor {

inline constexpr std::int64_t kSessionIdleMs = 30 * 60'000;
inline constexpr std::int64_t kSessionLongestMs = 12 * 60 * 60'000;

enum class SessionState {
  kNone,     // No such session, or none that is remembered.
  kExpired,  // Not used for too long, or too old.
  kRevoked,  // Signed out, pushed out by newer ones, or the account changed.
  kLive,
};

struct SessionLook {
  SessionState state = SessionState::kNone;
  // Where it is kLive:
  std::string id;  // 64 hexadecimal digits; opens nothing.
  std::string user;
  Role role = Role::kNone;
  UnixMillis ends_ms = 0;  // However much it is used.
};

class Sessions {
 public:
  // More than that, and those that were used longest ago end.
  static constexpr std::int64_t kMostOfAccount = 16;
  static constexpr std::int64_t kMostOfAll = 1'000;
  // How much earlier than by the clock a session may end, for its use is noted no more often.
  static constexpr std::int64_t kNoteEveryMs = 60'000;

  // All are borrowed.
  Sessions(AdminDatabase& database, Clock& clock, Random& random)
      : database_(database), clock_(clock), random_(random) {}

  struct Begun {
    std::string token;  // 43 characters of base64url: 256 random bits.
    SessionLook look;
  };
  // `account` as Accounts::CheckPassword gave it; `replaced`: the token that came with the sign-in,
  // whose session ends ("" for none). Errors: kConflict (the account changed meanwhile),
  // kUnavailable, kCorrupt.
  Result<Begun> Begin(const Account& account, const std::string& replaced, const Doer& actor);

  // What a token opens; its use is noted.
  Result<SessionLook> Find(std::string_view token);
  // The same by id, and not noted.
  Result<SessionLook> Look(const std::string& id);
  // Errors: kUnavailable, kCorrupt; none when it has ended already.
  std::optional<Error> End(const std::string& id, const Doer& actor);

  // What has to come in a header with what changes something: bound to the session, and to this
  // store. 43 characters.
  Result<std::string> RequestToken(std::string_view id);
  static std::string IdOf(std::string_view token);

 private:
  AdminDatabase& database_;
  Clock& clock_;
  Random& random_;
};

}  // namespace candor
