#include "native/admin/accounts/password_hash.h"

#include <sodium.h>

#include <array>

namespace candor {

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

PasswordVerdict PasswordHasher::Verify(std::string_view kept, std::string_view password) {
  if (!Enter()) return PasswordVerdict::kBusy;
  bool right = false;
  if (kept.empty()) {
    // Looked at by nobody: it only has to take as long.
    static_cast<void>(Compute(password));
  } else {
    const std::string against(kept);
    right = sodium_init() >= 0 &&
            crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  }
  Leave();
  return right ? PasswordVerdict::kRight : PasswordVerdict::kWrong;
}

}  // namespace candor
