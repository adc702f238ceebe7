// The clock, as an interface: in tests years pass in seconds, and a clock can be put back.
//
// Implementations may be called from any thread.
#pragma once

#include <cstdint>
#include <string>

#include "core/time_text.h"

namespace candor {

class Clock {
 public:
  virtual ~Clock() = default;
  // What people call the time. It may jump either way at any moment.
  virtual UnixMillis Wall() = 0;
  // Milliseconds that only ever grow, also while the machine sleeps. Comparable between readings
  // that have the same BootId.
  virtual std::int64_t BootMillis() = 0;
  // Another one after every start of the machine; "" when it cannot be told.
  virtual std::string BootId() = 0;
};

// CLOCK_REALTIME, CLOCK_BOOTTIME and the kernel's boot id.
Clock& SystemClock();

}  // namespace candor
