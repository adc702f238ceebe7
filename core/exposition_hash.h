// A set of 64-bit hashes that numbers its members in order of arrival.
//
// Only the hashes are kept: of a million different texts two share one with a chance of about
// 1 in 40 million. Whoever must be certain compares the texts, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace candor {

class HashIndex {
 public:
  struct Place {
    std::uint32_t index;
    bool is_new;
  };

  Place Insert(std::uint64_t hash) {
    if (2 * (size_ + 1) > slots_.size()) Grow();
    Slot& slot = Find(hash);
    if (slot.generation == generation_) return {slot.index, false};
    slot = {hash, size_, generation_};
    ++size_;
    return {slot.index, true};
  }

  // Keeps the memory; takes constant time.
  void Clear() {
    size_ = 0;
    if (++generation_ != 0) return;
    for (Slot& slot : slots_) slot.generation = 0;
    generation_ = 1;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t index = 0;
    std::uint32_t generation = 0;  // In use when it is the set's.
  };

  Slot& Find(std::uint64_t hash) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(hash) & mask;
    while (slots_[at].generation == generation_ && slots_[at].hash != hash) at = (at + 1) & mask;
    return slots_[at];
  }

  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.generation == generation_) Find(slot.hash) = slot;
    }
  }

  std::vector<Slot> slots_;
  std::uint32_t size_ = 0;
  std::uint32_t generation_ = 1;
};

}  // namespace candor
