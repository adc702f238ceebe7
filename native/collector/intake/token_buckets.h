// Token buckets by name: how often somebody may come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace candor {

class TokenBuckets {
 public:
  struct Rate {
    double burst = 1;       // How many at once.
    double per_second = 1;  // And then how many; > 0.
  };
  // `most` names are kept, as numbers: a million of them are nothing rare, and take some 60 MB.
  // When there are more, those that have come to rest are forgotten, and then all others: nobody is
  // refused for somebody else's noise.
  TokenBuckets(const Rate& rate, std::size_t most) : rate_(rate), most_(most) {}

  // Takes one token of `name`. 0, or in how many seconds (at least 1) there is one again. `now_ms`
  // only ever grows. From any thread.
  std::int64_t Take(const std::string& name, std::int64_t now_ms);
  // Undoes one Take that let `name` in.
  void GiveBack(const std::string& name);

 private:
  struct Bucket {
    double tokens = 0;
    std::int64_t at_ms = 0;
  };
  // The first bytes of SHA-256: nobody finds a name that meets another's.
  static std::int64_t NumberOf(const std::string& name);
  double TokensAt(const Bucket& bucket, std::int64_t now_ms) const;
  void Forget(std::int64_t now_ms);

  const Rate rate_;
  const std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::int64_t, Bucket> buckets_;
};

}  // namespace candor
