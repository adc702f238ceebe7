// What stands where in a counter file, and in the memory that takes its place.
//
// Only the header is written before the file gets its name; all else starts as zeros and is written
// in place by every process that maps it, as whole atomic words. A change of anything here is
// another kLayoutVersion.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "native/counters/counters.h"
#include "native/counters/siphash.h"

namespace candor {

inline constexpr std::uint64_t kLayoutMagic = 0x737265746e756f63;  // "counters"
inline constexpr std::uint32_t kLayoutVersion = 1;
inline constexpr std::size_t kSlabs = 64;
inline constexpr std::size_t kSeenEntries = 16384;
inline constexpr std::size_t kPageBytes = 4096;

// Written once. `check` is a hash of all before it.
struct LayoutHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t names, slabs, seen_entries;
  std::array<std::uint64_t, 2> epoch;  // Random: tells this file from every other.
  SipKey salt;                         // Random: hashes in this file mean nothing elsewhere.
  std::uint64_t check;
};

// A name, padded with zeros. Entries are taken in order and never given back.
struct NameEntry {
  static constexpr std::size_t kWords = 31;
  std::atomic<std::uint64_t> check;  // Written last; 0 until the name is whole.
  std::array<std::atomic<std::uint64_t>, kWords> words;
};

// A value that was seen on a gauge, or 0.
struct SeenEntry {
  std::atomic<std::uint64_t> key;
  std::atomic<std::int64_t> seen;  // Unix milliseconds; negative while the key is replaced.
};

using Slab = std::array<CounterCell, kMaxCounterNames>;

struct Layout {
  LayoutHeader header;
  std::array<char, kPageBytes - sizeof(LayoutHeader)> unused;
  // Fingerprints of the names: the one word that settles who has which entry.
  std::array<std::atomic<std::uint64_t>, kMaxCounterNames> claims;
  std::array<NameEntry, kMaxCounterNames> names;
  std::array<SeenEntry, kSeenEntries> seen;
  Slab overflow;  // Shared by threads that found no slab: added to by read-modify-write.
  std::array<Slab, kSlabs> slabs;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(sizeof(std::atomic<std::uint64_t>) == 8 && sizeof(NameEntry) == 256);
static_assert(kMaxCounterNameBytes < NameEntry::kWords * 8);
static_assert(offsetof(Layout, claims) == kPageBytes && sizeof(Layout) % kPageBytes == 0);

}  // namespace candor
