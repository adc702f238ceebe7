#include "native/admin/password_hash.h"

#include <sodium.h>

#include <array>

namespace candor {
namespace {

// Compared with nothing, it only has to take as long.
constexpr std::string_view kNobodysPassword = "nobody has this password";

}  // namespace

bool PasswordHasher::Enter() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (inside_ >= kMostAtATime) {
    if (waiting_ >= kMostWaiting) return false;
    ++waiting_;
    left_.wait(lock, [this] { return inside_ < kMostAtATime; });
    --waiting_;
  }
  ++inside_;
  ++computed_;
  return true;
}

void PasswordHasher::Leave() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    --inside_;
  }
  left_.notify_one();
}

std::uint64_t PasswordHasher::computed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return computed_;
}

Result<std::string> PasswordHasher::Compute(std::string_view password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost_.passes,
                            cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error{ErrorCode::kUnavailable, "", "there is no memory to hash a password"};
  }
  return std::string(text.data());
}

Result<std::string> PasswordHasher::Hash(std::string_view password) {
  if (!Enter()) {
    return Error{ErrorCode::kUnavailable, "", "too many passwords are being looked at; try again"};
  }
  Result<std::string> text = Compute(password);
  Leave();
  return text;
}

std::string PasswordHasher::Nobodys() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!nobodys_.empty()) return nobodys_;
  }
  Result<std::string> made = Compute(kNobodysPassword);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (nobodys_.empty() && made.ok()) nobodys_ = std::move(made).value();
  return nobodys_;
}

PasswordVerdict PasswordHasher::Verify(std::string_view kept, std::string_view password) {
  if (!Enter()) return PasswordVerdict::kBusy;
  const std::string against = kept.empty() ? Nobodys() : std::string(kept);
  const bool right =
      !against.empty() && sodium_init() >= 0 &&
      crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  Leave();
  return right && !kept.empty() ? PasswordVerdict::kRight : PasswordVerdict::kWrong;
}

}  // namespace candor
