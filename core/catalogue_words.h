// Words that catalogues are made of, and the limits of their texts. For the readers of catalogues.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace candor::catalogue {

inline constexpr std::size_t kMaxPoints = 2000;
inline constexpr std::size_t kMaxPurposes = 20;
inline constexpr std::size_t kMaxListed = 64;
inline constexpr std::size_t kMaxName = 64;
inline constexpr std::size_t kMaxTitle = 200;
inline constexpr std::size_t kMaxProse = 2000;
inline constexpr std::size_t kMaxPointer = 256;

inline constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// Whether `text` starts with a letter or one of `others` that is no digit, `-` or `.`, and goes on
// with letters, digits and `others`.
bool IsWord(std::string_view text, std::string_view others);
// The same, starting with a small letter.
bool IsLowerWord(std::string_view text, std::string_view others);

// "" or what is wrong with the pointer of a field or object.
std::string_view PointerProblem(std::string_view pointer);
bool HasOpenKey(std::string_view pointer);

// The names of the first N values of an enumeration, for JsonMembers::Choice.
template <typename Enum, std::size_t N>
std::array<std::string_view, N> NamesOf() {
  std::array<std::string_view, N> names;
  for (std::size_t i = 0; i < N; ++i) names[i] = Name(static_cast<Enum>(i));
  return names;
}

}  // namespace candor::catalogue
