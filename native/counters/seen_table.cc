#include "native/counters/seen_table.h"

#include <algorithm>
#include <vector>

namespace candor {
namespace {

// The longest way from where a value belongs to where it stands.
constexpr std::size_t kProbes = 1024;
constexpr std::uint64_t kGaugeBits = kMaxCounterNames - 1;
static_assert((kMaxCounterNames & kGaugeBits) == 0);

std::size_t Place(std::uint64_t key, std::size_t probe) {
  return (key / kMaxCounterNames + probe) % kSeenEntries;
}

// Also when the clock was put back by more than that: such a time would otherwise stay for as long.
bool IsOver(std::int64_t seen, UnixMillis now) {
  const UnixMillis time = seen < 0 ? -seen : seen;
  return time == 0 || time <= now - kLongestWindowMs || time > now + kLongestWindowMs;
}

}  // namespace

void SeenTable::See(std::uint32_t gauge, std::string_view value, UnixMillis now) noexcept {
  if (gauge >= kMaxCounterNames) return;
  // 0 and negative numbers have a meaning of their own.
  now = std::clamp<UnixMillis>(now, 1, kLatestTime);
  const std::uint64_t hash = SipHash(layout_.header.salt, value);
  const std::uint64_t key = (hash & ~kGaugeBits) | gauge;
  if (Refresh(key, now) || Insert(key, now)) return;
  full_.store(true, std::memory_order_relaxed);
}

bool SeenTable::Refresh(std::uint64_t key, UnixMillis now) noexcept {
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    SeenEntry& entry = layout_.seen[Place(key, probe)];
    // The time first: whoever replaces the key changes it before and after.
    std::int64_t seen = entry.seen.load(std::memory_order_acquire);
    if (seen == 0) return false;  // Never used: nobody went further, and nothing becomes 0 again.
    while (seen > 0 && entry.key.load(std::memory_order_relaxed) == key) {
      if (seen >= now && !IsOver(seen, now)) return true;
      if (entry.seen.compare_exchange_weak(seen, now, std::memory_order_acq_rel)) return true;
    }
  }
  return false;
}

// Two that insert the same value at once may do so in two entries: the count takes them as one.
bool SeenTable::Insert(std::uint64_t key, UnixMillis now) noexcept {
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    SeenEntry& entry = layout_.seen[Place(key, probe)];
    std::int64_t seen = entry.seen.load(std::memory_order_acquire);
    if (!IsOver(seen, now) ||
        !entry.seen.compare_exchange_strong(seen, -now, std::memory_order_acq_rel)) {
      continue;
    }
    entry.key.store(key, std::memory_order_relaxed);
    entry.seen.store(now, std::memory_order_release);
    return true;
  }
  return false;
}

std::uint64_t SeenTable::SeenWithin(std::uint32_t gauge, UnixMillis now,
                                    std::int64_t window_ms) const {
  std::vector<std::uint64_t> keys;
  const std::int64_t window = std::clamp<std::int64_t>(window_ms, 0, kLongestWindowMs);
  now = std::clamp<UnixMillis>(now, 1, kLatestTime);
  for (const SeenEntry& entry : layout_.seen) {
    const std::int64_t seen = entry.seen.load(std::memory_order_acquire);
    if (seen <= 0 || seen <= now - window || IsOver(seen, now)) continue;
    const std::uint64_t key = entry.key.load(std::memory_order_relaxed);
    if ((key & kGaugeBits) == gauge) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return static_cast<std::uint64_t>(std::unique(keys.begin(), keys.end()) - keys.begin());
}

}  // namespace candor
