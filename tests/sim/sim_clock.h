// The clocks of a simulated machine. True time is known to the simulation alone; the wall clock is
// wrong by as much as the simulation says, and the boot clock begins anew with every boot.
#pragma once

#include <algorithm>
#include <string>

#include "native/base/clock.h"

namespace candor::sim {

inline constexpr std::int64_t kSecond = 1000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;
inline constexpr std::int64_t kYear = 365 * kDay;
inline constexpr UnixMillis kBegin = 1'795'262'400'000;    // 2026-11-21T12:00:00Z
inline constexpr UnixMillis kEnd2038 = 2'147'483'647'000;  // The last second of 32 bits.

class SimClock : public Clock {
 public:
  UnixMillis Wall() override { return wall(); }
  std::int64_t BootMillis() override { return now_ - booted_at_; }
  std::string BootId() override { return "boot-" + std::to_string(boots_); }

  std::int64_t now() const { return now_; }  // True milliseconds since the simulation began.
  std::int64_t error() const { return wall() - kBegin - now_; }
  std::int64_t boots() const { return boots_; }

  void Pass(std::int64_t ms) { now_ += ms; }
  // No kernel shows a time before 1970.
  void SetError(std::int64_t error) { wall_offset_ = std::max(error, -(kBegin + now_)); }
  void SetWall(UnixMillis wall) { wall_offset_ = wall - kBegin - now_; }
  void Reboot(std::int64_t error) {
    ++boots_;
    booted_at_ = now_;
    SetError(error);
  }

 private:
  UnixMillis wall() const { return kBegin + now_ + wall_offset_; }

  std::int64_t now_ = 0;
  std::int64_t booted_at_ = -10 * kMinute;
  std::int64_t wall_offset_ = 0;
  std::int64_t boots_ = 1;
};

}  // namespace candor::sim
