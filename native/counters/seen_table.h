// Which values were seen when, on any gauge: a table of keyed hashes and times in a counter file.
//
// Bounded: about 12,000 values within kLongestWindowMs. Lock-free; a process that dies on the way
// leaves at most an entry that is free again after that time.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "core/time_text.h"
#include "native/counters/layout.h"

namespace candor {

class SeenTable {
 public:
  explicit SeenTable(Layout& layout) : layout_(layout) {}

  void See(std::uint32_t gauge, std::string_view value, UnixMillis now) noexcept;
  std::uint64_t SeenWithin(std::uint32_t gauge, UnixMillis now, std::int64_t window_ms) const;
  bool full() const noexcept { return full_.load(std::memory_order_relaxed); }

 private:
  bool Refresh(std::uint64_t key, UnixMillis now) noexcept;
  bool Insert(std::uint64_t key, UnixMillis now) noexcept;

  Layout& layout_;
  std::atomic<bool> full_ = false;
};

}  // namespace candor
