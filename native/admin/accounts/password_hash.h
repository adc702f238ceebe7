// Passwords as they are kept: Argon2id (RFC 9106), as text that names its own cost.
//
// Safe from any thread. Only so many hashes are computed at a time, and only so many callers wait
// for their turn: a flood of sign-ins takes neither the memory nor all the threads of a server.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

struct HashCost {
  std::size_t memory_bytes = std::size_t{64} << 20;
  // RFC 9106's second recommended choice: three passes over 64 MiB.
  std::uint64_t passes = 3;
};

enum class PasswordVerdict { kRight, kWrong, kBusy };

class PasswordHasher {
 public:
  static constexpr int kMostAtATime = 2;
  static constexpr int kMostWaiting = 8;

  explicit PasswordHasher(HashCost cost = {}) : cost_(cost) {}

  // Errors: kUnavailable (too many at a time, or no memory).
  Result<std::string> Hash(std::string_view password);
  // `kept` is what Hash returned, or "" for an account that does not exist: the same work is done,
  // and the answer is kWrong.
  PasswordVerdict Verify(std::string_view kept, std::string_view password);

  // How many hashes were computed so far.
  std::uint64_t computed() const;

 private:
  bool Enter();
  void Leave();
  Result<std::string> Compute(std::string_view password) const;

  const HashCost cost_;
  mutable std::mutex mutex_;
  std::condition_variable left_;
  int inside_ = 0, waiting_ = 0;
  std::uint64_t computed_ = 0;
};

}  // namespace candor
