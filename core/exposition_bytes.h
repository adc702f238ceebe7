// Bytes of an exposition, compared and hashed a word at a time. Inline, because lines are short and
// calls into libc would cost more than the work.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace candor {

enum CharClass : std::uint8_t { kMetricStart = 1, kMetric = 2, kLabelStart = 4, kLabelChar = 8 };

constexpr std::array<std::uint8_t, 256> MakeCharClasses() {
  std::array<std::uint8_t, 256> classes{};
  const auto set = [&classes](int from, int to, int value) {
    for (int c = from; c <= to; ++c) {
      classes[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(value);
    }
  };
  set('a', 'z', kMetricStart | kMetric | kLabelStart | kLabelChar);
  set('A', 'Z', kMetricStart | kMetric | kLabelStart | kLabelChar);
  set('_', '_', kMetricStart | kMetric | kLabelStart | kLabelChar);
  set(':', ':', kMetricStart | kMetric);
  set('0', '9', kMetric | kLabelChar);
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> kCharClasses = MakeCharClasses();

inline bool Is(char c, CharClass wanted) {
  return (kCharClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

template <typename Word>
Word LoadWord(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Bit 7 of each byte of `word` that is `c`. Of the bits that are set only the lowest is certain.
inline std::uint64_t MarkByte(std::uint64_t word, char c) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  const std::uint64_t zero = word ^ (kOnes * static_cast<unsigned char>(c));
  return (zero - kOnes) & ~zero & (kOnes << 7);
}

// The first line feed, or null.
inline const char* FindLineFeed(const char* at, const char* end) {
#if defined(__wasm__)
  // Emscripten's memchr looks at four bytes at a time.
  for (; end - at >= 32; at += 32) {
    const auto marks = [at](int i) { return MarkByte(LoadWord<std::uint64_t>(at + 8 * i), '\n'); };
    if ((marks(0) | marks(1) | marks(2) | marks(3)) != 0) break;
  }
  for (; end - at >= 8; at += 8) {
    const std::uint64_t marks = MarkByte(LoadWord<std::uint64_t>(at), '\n');
    if (marks != 0) return at + __builtin_ctzll(marks) / 8;
  }
#endif
  if (at == end) return nullptr;
  return static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
}

// Reads nothing beyond `size` bytes of either.
inline bool SameBytes(const char* a, const char* b, std::size_t size) {
  using std::uint32_t;
  using std::uint64_t;
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) {
      if (LoadWord<uint64_t>(a + i) != LoadWord<uint64_t>(b + i)) return false;
    }
    return LoadWord<uint64_t>(a + size - 8) == LoadWord<uint64_t>(b + size - 8);
  }
  if (size >= 4) {
    return LoadWord<uint32_t>(a) == LoadWord<uint32_t>(b) &&
           LoadWord<uint32_t>(a + size - 4) == LoadWord<uint32_t>(b + size - 4);
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

// Not for hostile keys: equal texts hash alike on every target, that is all.
inline std::uint64_t HashText(std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15u;
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t hash = size * kFactor;
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32;
  };
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) mix(LoadWord<std::uint64_t>(at + i));
    mix(LoadWord<std::uint64_t>(at + size - 8));
  } else if (size >= 4) {
    mix(LoadWord<std::uint32_t>(at) | std::uint64_t{LoadWord<std::uint32_t>(at + size - 4)} << 32);
  } else if (size != 0) {
    const auto byte = [at](std::size_t i) {
      return std::uint64_t{static_cast<unsigned char>(at[i])};
    };
    mix(byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16);
  }
  return hash;
}

// Joins a label's two halves so that sums over labels in any order are equal.
inline std::uint64_t HashLabel(std::uint64_t name_hash, std::string_view value) {
  std::uint64_t hash = (HashText(value) + name_hash) * 0xD6E8FEB86659FD93u;
  hash ^= hash >> 32;
  hash *= 0xD6E8FEB86659FD93u;
  return hash ^ (hash >> 29);
}

// The length of the metric name that `text` starts with, or 0.
inline std::size_t MetricNameLength(std::string_view text) {
  if (text.empty() || !Is(text[0], kMetricStart)) return 0;
  std::size_t length = 1;
  while (length < text.size() && Is(text[length], kMetric)) ++length;
  return length;
}

}  // namespace candor
