// The names in a counter file. Entries are taken in order by a compare-and-swap of one word, so
// that processes agree without a lock, and one that dies on the way leaves an entry that the next
// to ask for that name completes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "native/counters/layout.h"

namespace candor {

class NameTable {
 public:
  explicit NameTable(Layout& layout) : layout_(layout) {}

  // As Counters::Intern.
  std::uint32_t Intern(std::string_view name) noexcept;

  bool full() const noexcept { return full_.load(std::memory_order_relaxed); }

 private:
  struct Wanted;

  std::optional<std::uint32_t> FindKnown(const Wanted& wanted) const noexcept;
  void Remember(std::uint64_t fingerprint, std::uint32_t index) noexcept;

  Layout& layout_;
  std::atomic<bool> full_ = false;
  // What this process has seen, by fingerprint: index + 1, or 0. Never more than half full.
  std::array<std::atomic<std::uint32_t>, 2 * kMaxCounterNames> known_ = {};
};

// Room for one name.
using NameWords = std::array<std::uint64_t, NameEntry::kWords>;

// The name of an entry, borrowed from `words`; "" when it is not whole, or damaged.
std::string_view ReadName(const SipKey& salt, const NameEntry& entry, NameWords& words) noexcept;

}  // namespace candor
