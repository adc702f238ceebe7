#include "native/collector/intake/token_buckets.h"

#include <algorithm>
#include <cmath>

#include "native/collector/store/content_digest.h"
#include "native/collector/store/report_keys.h"

namespace candor {

std::int64_t TokenBuckets::Take(const std::string& name, std::int64_t now_ms) {
  const std::int64_t number = NumberOf(name);
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(number);
  if (found == buckets_.end()) {
    if (buckets_.size() >= most_) Forget(now_ms);
    buckets_[number] = {rate_.burst - 1, now_ms};
    return 0;
  }
  Bucket& bucket = found->second;
  bucket = {TokensAt(bucket, now_ms), now_ms};
  if (bucket.tokens < 1) {
    return static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / rate_.per_second));
  }
  bucket.tokens -= 1;
  return 0;
}

void TokenBuckets::GiveBack(const std::string& name) {
  const std::int64_t number = NumberOf(name);
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(number);
  if (found == buckets_.end()) return;
  found->second.tokens = std::min(rate_.burst, found->second.tokens + 1);
}

std::int64_t TokenBuckets::NumberOf(const std::string& name) {
  return DigestNumber(DigestOf(name));
}

double TokenBuckets::TokensAt(const Bucket& bucket, std::int64_t now_ms) const {
  const auto passed_ms = static_cast<double>(std::max<std::int64_t>(now_ms - bucket.at_ms, 0));
  return std::min(rate_.burst, bucket.tokens + passed_ms / 1000 * rate_.per_second);
}

void TokenBuckets::Forget(std::int64_t now_ms) {
  std::erase_if(buckets_,
                [&](const auto& entry) { return TokensAt(entry.second, now_ms) >= rate_.burst; });
  if (buckets_.size() >= most_) buckets_.clear();
}

}  // namespace candor
