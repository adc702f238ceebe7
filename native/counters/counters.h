// Counters in a memory-mapped, pre-allocated file that several processes may share.
//
// Each thread adds to cells of its own with a relaxed load and a relaxed store: no
// read-modify-write, no lock, no allocation. Cells only ever grow and nobody sets one back, so a
// thread or process that dies leaves what it counted where it is, and its cells are handed on as
// they are. What was counted survives kill -9; a power cut may lose what the kernel had not
// written, except what Sync made durable.
//
// When more than 64 threads of all processes count in one file, or one process has more than 16
// Counters, the others share cells and add to them by an atomic read-modify-write: as exact, not as
// quick. All functions may be called from any thread, also in a child after fork(), but not from a
// signal handler.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/time_text.h"
#include "native/counters/counter_totals.h"
#include "native/counters/thread_cells.h"

namespace candor {

inline constexpr std::size_t kMaxCounterNames = 2048;
inline constexpr std::size_t kMaxCounterNameBytes = 240;
inline constexpr std::int64_t kLongestWindowMs = 24 * 60 * 60 * 1000;  // Of a gauge.

class Counters {
 public:
  // Opens or creates the file, for this process. Where that fails the counters live in memory, and
  // `why_in_memory` says why. A file of another version or with a damaged header is set aside under
  // another name. `path` "" means memory, of this process and its children. Never fails for other
  // reasons than lack of memory (std::bad_alloc).
  explicit Counters(const std::string& path);
  ~Counters();
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;

  // The counter of this name, the same number in every process that shares the file; kNoCounter
  // when there are too many names, or it is empty, too long or not printable ASCII. Takes no lock.
  static constexpr std::uint32_t kNoCounter = UINT32_MAX;
  std::uint32_t Intern(std::string_view name) noexcept;

  // Adds `n`. kNoCounter adds nothing. Leaves errno as it is.
  void Add(std::uint32_t counter, std::uint64_t n = 1) noexcept;

  // A gauge over a window: `value` was seen at `now`. The file holds a keyed hash of it, not the
  // value. `gauge` is any number below kMaxCounterNames that all processes understand alike, such
  // as a constant of the caller or one from Intern; another is ignored.
  void See(std::uint32_t gauge, std::string_view value, UnixMillis now) noexcept;

  // How many different values were seen after now - window_ms, by any process, also before a
  // restart. Windows are at most kLongestWindowMs. Room is for about 12,000 values.
  std::uint64_t SeenWithin(std::uint32_t gauge, UnixMillis now, std::int64_t window_ms) const;

  // The sum of every cell of every thread and process, dead or alive, by name, also of names that
  // other processes brought in. Reads only.
  CounterTotals Totals() const;

  // Makes what was counted so far durable, so that a later power cut cannot take it back under a
  // baseline. false when the disk refused; true in memory, where there is nothing to make durable.
  bool Sync() noexcept;

  const std::string& why_in_memory() const;  // "" when the file is in use.
  bool full() const noexcept;  // Some name or seen value of this process found no room.

 private:
  class Impl;

  void AddSlowly(std::uint32_t counter, std::uint64_t n) noexcept;

  std::unique_ptr<Impl> impl_;
  std::size_t place_;  // In thread_cells.
};

inline void Counters::Add(std::uint32_t counter, std::uint64_t n) noexcept {
  CounterCell* const cells = counters_detail::thread_cells[place_].load(std::memory_order_relaxed);
  if (cells == nullptr || counter >= kMaxCounterNames) [[unlikely]] {
    AddSlowly(counter, n);
    return;
  }
  CounterCell& cell = cells[counter];
  cell.store(cell.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

}  // namespace candor
