// How often passwords may be tried: by peer, by account, and by all together.
//
// Token buckets on a clock that only grows. A right password gives back what its try took, so only
// wrong ones are scarce. Whoever guesses an account's password can use up the tries of strangers
// for it, but not those of the places its user has signed in from before; and all buckets fill
// again by themselves, so nobody is locked out for good. In memory: bounded, and gone with the
// process. Safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "native/base/clock.h"

namespace candor {

// `burst` at once, and one more every `every_ms`.
struct BucketRate {
  std::int64_t burst = 0, every_ms = 0;
};

// Many buckets of one kind, by key. Not safe from several threads.
class Buckets {
 public:
  Buckets(BucketRate rate, std::size_t most) : rate_(rate), most_(most) {}
  // How long until one can be taken: 0 for now.
  std::int64_t WaitMs(const std::string& key, std::int64_t now_ms) const;
  void Take(const std::string& key, std::int64_t now_ms);
  void GiveBack(const std::string& key);
  std::size_t size() const { return full_at_.size(); }

 private:
  void MakeRoom(std::int64_t now_ms);

  const BucketRate rate_;
  const std::size_t most_;
  // When the bucket will be full again; a full one is not kept.
  std::map<std::string, std::int64_t> full_at_;
};

class SignInLimits {
 public:
  static constexpr BucketRate kOfPeer{20, 6'000};
  static constexpr BucketRate kOfAccount{10, 60'000};
  static constexpr BucketRate kOfKnownPlace{10, 10'000};
  static constexpr BucketRate kOfAll{50, 200};
  static constexpr std::size_t kMostKept = 4'096;

  explicit SignInLimits(Clock& clock) : clock_(clock) {}

  // `name`: folded. `known`: somebody has signed in to this account from this peer before. Takes
  // one try; or how many milliseconds to wait, when there is none.
  std::optional<std::int64_t> Take(const std::string& peer, const std::string& name, bool known);
  // The password was right.
  void GiveBack(const std::string& peer, const std::string& name, bool known);

  // Addresses that one attacker has at once are one peer: a /64 of IPv6.
  static std::string PeerKey(std::string_view address);

 private:
  Clock& clock_;
  std::mutex mutex_;  // Of all below.
  Buckets peers_{kOfPeer, kMostKept}, accounts_{kOfAccount, kMostKept};
  Buckets known_{kOfKnownPlace, kMostKept}, all_{kOfAll, 1};
};

}  // namespace candor
