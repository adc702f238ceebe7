// Places in a text: what parsers count in characters or bytes, as lines and columns.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/result.h"

namespace candor {

// Walks forward through a text. Asking for places in rising order costs one pass in all.
class PlaceCursor {
 public:
  // `text` is borrowed.
  explicit PlaceCursor(std::string_view text) : text_(text) {}

  // The place of the byte at `offset`, or of the end.
  Position AtByte(std::size_t offset);
  // The place of the code point at `index`, or of the end. REQUIRES: valid UTF-8. One cursor is
  // asked in bytes or in code points, not in both.
  Position AtCodePoint(std::size_t index);

 private:
  void Reset();
  void Step();

  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t code_points_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
};

// A byte order mark is no part of the text that follows it.
std::string_view WithoutByteOrderMark(std::string_view text);

// Where the text is not UTF-8 or holds NUL, or is longer than `max_bytes`: adds the problem, and
// returns false.
bool CheckText(std::string_view text, std::size_t max_bytes, Problems* problems);

}  // namespace candor
