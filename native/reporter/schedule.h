// Times of the reporter: backoff, and clocks that jump.
#pragma once

#include <cstdint>
#include <optional>

#include "native/base/clock.h"
#include "native/base/random.h"
#include "native/state/state.h"

namespace candor {

// Shifts the state's times by as much as the wall clock jumped since they were stored, as far as
// that can be told: after a restart of the machine there is only the wall clock. Returns by how
// much. Drift under a second, as time servers correct it, is left alone.
std::int64_t FollowClock(State& state, const ClockAnchor& now);

ClockAnchor ReadClocks(Clock& clock);

// How long to wait after the `failures`th failed attempt in a row (from 1). Attempts come in rounds
// of `retries` + 1. Within a round: full jitter below 1 s, doubling, at most 30 s. After a round: a
// minute and full jitter below an hour, doubling, at most 12 hours, so that all that waited for the
// service do not return at once. `asked` is the service's
// Retry-After; it is obeyed up to one period, and jitter of a tenth is added so that many
// installations do not return at once. Never more than `period_ms`.
std::int64_t RetryDelay(std::int64_t failures, std::int64_t retries, std::int64_t period_ms,
                        std::optional<std::int64_t> asked, Random& random);

}  // namespace candor
