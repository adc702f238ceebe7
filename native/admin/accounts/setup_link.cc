#include "native/admin/accounts/setup_link.h"

#include <utility>

#include "native/base/secrets.h"

namespace candor {

SetupLink::SetupLink(Accounts& accounts, Clock& clock, Random& random)
    : accounts_(accounts), clock_(clock), ends_boot_ms_(clock.BootMillis() + kLastsMs) {
  std::string secret = RandomSecret(random);
  const Wiped wiped(secret);
  token_ = UrlText(secret);
}

SetupLink::~SetupLink() { Wipe(token_); }

void SetupLink::End() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Wipe(token_);
}

std::optional<std::string> SetupLink::token() {
  if (clock_.BootMillis() >= ends_boot_ms_) End();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (token_.empty()) return std::nullopt;
  }
  const Result<bool> empty = accounts_.IsEmpty();
  if (!empty.ok()) return std::nullopt;
  if (!empty.value()) End();
  const std::lock_guard<std::mutex> lock(mutex_);
  return token_.empty() ? std::nullopt : std::optional<std::string>(token_);
}

bool SetupLink::IsRight(std::string_view token) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !token_.empty() && EqualBytes(token, token_);
}

SetupLink::Outcome SetupLink::Use(std::string_view token, const NewAccount& account,
                                  const Doer& actor, Problems& problems) {
  if (clock_.BootMillis() >= ends_boot_ms_) End();
  if (!IsRight(token)) return Outcome::kWrongToken;
  NewAccount first = account;
  first.role = Role::kSuperuser;
  std::optional<Problems> refused = accounts_.Add(first, actor, Accounts::When::kIfFirst);
  Wipe(first.password);
  if (!refused) {
    End();
    return Outcome::kMade;
  }
  if (refused->list().front().code == ErrorCode::kConflict) {
    End();
    return Outcome::kWrongToken;
  }
  problems.AddAll(std::move(*refused));
  return Outcome::kRefused;
}

}  // namespace candor
