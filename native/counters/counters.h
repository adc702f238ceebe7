// Counters in a memory-mapped, pre-allocated file that several processes may share.
//
// Each thread adds to cells of its own with a relaxed load and a relaxed store: no
// read-modify-write, no lock, no allocation. Cells only ever grow and nobody sets one back, so a
// thread or process that dies leaves what it counted where it is, and its cells are handed on as
// they are. What was counted survives kill -9; a power cut may lose what the kernel had not
// written, except what Sync made durable.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/counters/counter_totals.h"

namespace candor {

inline constexpr std::size_t kMaxCounterNames = 2048;
inline constexpr std::size_t kMaxCounterNameBytes = 240;

class Counters {
 public:
  // Opens or creates the file, for this process. Where that fails the counters live in memory, and
  // `why_in_memory` says why. A file of another version or with a damaged header is set aside under
  // another name. `path` "" means memory. Never fails for other reasons than lack of memory
  // (std::bad_alloc).
  explicit Counters(const std::string& path);
  ~Counters();
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;

  // The counter of this name, the same number in every process that shares the file; kNoCounter
  // when there are too many names, or it is empty, too long or not printable ASCII. Takes a lock
  // the first time; later calls with the same name take none.
  static constexpr std::uint32_t kNoCounter = UINT32_MAX;
  std::uint32_t Intern(std::string_view name) noexcept;

  // Adds `n`. kNoCounter adds nothing. Safe from any thread, also while threads come and go, and in
  // a child after fork(). Not from a signal handler.
  void Add(std::uint32_t counter, std::uint64_t n = 1) noexcept;

  // The sum of every cell of every thread and process, dead or alive. Reads only.
  CounterTotals Totals() const;

  // Makes what was counted so far durable, so that a later power cut cannot take it back under a
  // baseline. false when the disk refused.
  bool Sync() noexcept;

  const std::string& why_in_memory() const;  // "" when the file is in use.
  bool full() const noexcept;                // Some name found no room.

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
