// What the collector says of itself: one line per change of its state, never one per report.
//
// No line holds a sender's address, an installation's id, a key, or bytes of a report.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/base/clock.h"

namespace candor {

// Stable numbers: "COLLECTOR-001". Append only; never renumber.
enum class CollectorEvent : std::uint16_t {
  kStarted = 1,      // Reports are received, and where.
  kStopping = 2,     // No more are taken.
  kStopped = 3,      // It ended.
  kStoreFailed = 4,  // Reports cannot be stored, and why.
  kStoreWorks = 5,   // They can again.
  kExpired = 6,      // How many old reports were deleted.
  kShed = 7,         // How many reports were sent away since the last such line.
  kRefused = 8,      // The configuration is refused: one line for each problem.
};

class CollectorLog {
 public:
  // Borrowed. To standard error, as text or JSON.
  CollectorLog(Clock& clock, bool json) : clock_(clock), json_(json) {}

  // From any thread.
  void Write(CollectorEvent event, std::string_view message) noexcept;
  // Whether the store works, told where that changes. From any thread, as often as one likes.
  void StoreWorks();
  void StoreFails(const Error& error);

 private:
  Clock& clock_;
  const bool json_;
  std::atomic<bool> store_fails_ = false;
};

}  // namespace candor
