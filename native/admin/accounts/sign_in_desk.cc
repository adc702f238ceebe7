#include "native/admin/accounts/sign_in_desk.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "native/admin/accounts/account_rows.h"
#include "native/admin/accounts/audit.h"
#include "native/admin/accounts/known_places.h"
#include "native/admin/accounts/password_rules.h"
#include "native/base/secrets.h"

namespace candor {
namespace {

constexpr std::int64_t kBusyMs = 1'000;
constexpr std::int64_t kTellEveryMs = 24 * 60 * 60'000;

SignInAnswer Later(SignInAnswer::Kind kind, std::int64_t wait_ms) { return {kind, {}, wait_ms}; }

}  // namespace

SignInDesk::SignInDesk(AdminDatabase& database, Accounts& accounts, Clock& clock, Random& random)
    : database_(database),
      accounts_(accounts),
      clock_(clock),
      limits_(clock),
      key_(RandomSecret(random)) {}

SignInDesk::~SignInDesk() { Wipe(key_); }

SignInAnswer SignInDesk::Try(std::string_view name, std::string_view password,
                             const std::string& from, std::string_view via) {
  using Kind = SignInAnswer::Kind;
  // What no account can have is wrong without being looked at, whatever the accounts are.
  if (name.size() > kMostNameBytes || password.size() > kMostPasswordBytes) return {};
  const std::string peer = SignInLimits::PeerKey(from), folded = FoldedName(name);
  bool known = false;
  if (database_.Read(
          [&](const AdminTables& tables) { return IsKnownPlace(tables, folded, peer, known); })) {
    return Later(Kind::kUnavailable, kBusyMs);
  }
  if (const auto wait = limits_.Take(peer, folded, known)) return Later(Kind::kTooMany, *wait);
  Result<Accounts::Checked> checked = accounts_.CheckPassword(name, password);
  if (!checked.ok() || checked.value().verdict == PasswordVerdict::kBusy) {
    limits_.GiveBack(peer, folded, known);
    return Later(Kind::kUnavailable, kBusyMs);
  }
  if (checked.value().verdict == PasswordVerdict::kWrong) {
    TellRefused(name, from, via);
    return {};
  }
  limits_.GiveBack(peer, folded, known);
  const UnixMillis now = clock_.Wall();
  // It only helps the next time.
  static_cast<void>(database_.Write(
      [&](const AdminTables& tables) { return NotePlace(tables, folded, peer, now); }));
  return {Kind::kRight, checked.value().account, 0};
}

SignInAnswer SignInDesk::CheckRequest(std::string_view name, std::string_view password,
                                      const std::string& from) {
  const std::string folded = FoldedName(name);
  const std::string what = KeyedHash(key_, "basic", folded + '\n' + std::string(password));
  Remembered remembered;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = remembered_.find(what);
    if (found != remembered_.end()) remembered = found->second;
  }
  if (clock_.BootMillis() < remembered.until_ms) {
    Result<std::optional<Account>> found = accounts_.Find(name);
    if (!found.ok()) return Later(SignInAnswer::Kind::kUnavailable, kBusyMs);
    const std::optional<Account>& account = found.value();
    if (account && account->generation == remembered.generation) {
      return {SignInAnswer::Kind::kRight, *account, 0};
    }
  }
  SignInAnswer answer = Try(name, password, from, "basic");
  if (answer.kind == SignInAnswer::Kind::kRight) {
    Remember(what, answer.account.generation);
    TellSeen(answer.account.name, answer.account.role, from, "basic");
  }
  return answer;
}

bool SignInDesk::IsCurrent(const std::string& name, std::int64_t generation) {
  const Result<std::optional<Account>> found = accounts_.Find(name);
  return found.ok() && found.value() && found.value()->generation == generation;
}

void SignInDesk::Remember(const std::string& what, std::int64_t generation) {
  const std::int64_t now = clock_.BootMillis();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (remembered_.size() >= kMostRemembered) {
    std::erase_if(remembered_, [now](const auto& one) { return one.second.until_ms <= now; });
  }
  if (remembered_.size() >= kMostRemembered) remembered_.clear();
  remembered_[what] = {generation, now + kRememberMs};
}

void SignInDesk::TellRefused(std::string_view name, const std::string& from, std::string_view via) {
  std::int64_t more = 0;
  {
    const std::int64_t now = clock_.BootMillis();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (refusals_.WaitMs("", now) > 0) {
      ++untold_;
      return;
    }
    refusals_.Take("", now);
    more = std::exchange(untold_, 0);
  }
  static_cast<void>(database_.Write([&](const AdminTables& tables) -> std::optional<Error> {
    std::optional<AccountRow> row;
    if (auto error = ReadAccount(tables.database, name, row)) return error;
    // Somebody may have typed a password in place of a name.
    const std::string known = row ? row->account.name : std::string();
    return AppendAudit(tables, clock_.Wall(),
                       {"refused",
                        {known, from},
                        {},
                        NoteJson({{"name", known}, {"via", via}, {"more", Decimal(more)}})});
  }));
}

void SignInDesk::TellSeen(const std::string& user, Role role, const std::string& from,
                          std::string_view via) {
  const std::int64_t now = clock_.BootMillis();
  {
    std::string what(via);
    what.append("\n").append(from).append("\n").append(user).append("\n").append(Name(role));
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = told_.find(what);
    if (found != told_.end() && now - found->second < kTellEveryMs) return;
    if (told_.size() >= kMostRemembered) told_.clear();
    told_[what] = now;
  }
  static_cast<void>(database_.Write([&](const AdminTables& tables) {
    return AppendAudit(tables, clock_.Wall(),
                       {"signin",
                        {user, from},
                        {},
                        NoteJson({{"name", user}, {"role", Name(role)}, {"via", via}})});
  }));
}

}  // namespace candor
