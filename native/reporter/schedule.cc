#include "native/reporter/schedule.h"

#include <algorithm>

namespace candor {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

// `first` doubled `times` times, at most `most`.
std::int64_t Doubled(std::int64_t first, std::int64_t times, std::int64_t most) {
  std::int64_t value = first;
  for (std::int64_t i = 0; i < times && value < most; ++i) value *= 2;
  return std::min(value, most);
}

void Shift(std::optional<UnixMillis>& time, std::int64_t by) {
  if (time) *time += by;
}

}  // namespace

ClockAnchor ReadClocks(Clock& clock) { return {clock.BootId(), clock.BootMillis(), clock.Wall()}; }

std::int64_t FollowClock(State& state, const ClockAnchor& now) {
  const ClockAnchor& then = state.anchor;
  std::int64_t jump = 0;
  if (!now.boot_id.empty() && then.boot_id == now.boot_id && now.boot_ms >= then.boot_ms) {
    jump = (now.wall - then.wall) - (now.boot_ms - then.boot_ms);
    if (jump > -kSecond && jump < kSecond) jump = 0;
  }
  if (jump != 0) {
    for (auto* time : {&state.last_accepted_at, &state.due_at, &state.retry_at}) Shift(*time, jump);
    state.anchor = now;
  }
  return jump;
}

std::int64_t RetryDelay(std::int64_t failures, std::int64_t retries, std::int64_t period_ms,
                        std::optional<std::int64_t> asked, Random& random) {
  const std::int64_t attempts = retries + 1;
  const std::int64_t round = (failures + attempts - 1) / attempts;
  const bool round_over = failures % attempts == 0;
  std::int64_t delay = 0;
  if (round_over) {
    delay = kMinute + UniformUpTo(random, Doubled(kHour, round - 1, 12 * kHour));
  } else {
    delay = UniformUpTo(random, Doubled(kSecond, failures % attempts - 1, 30 * kSecond));
  }
  if (asked) {
    const std::int64_t obeyed = std::min(*asked, period_ms);
    delay = std::max(delay, obeyed + UniformUpTo(random, obeyed / 10));
  }
  return std::min(delay, period_ms);
}

}  // namespace candor
