#include "native/import/place.h"

#include <algorithm>

#include "core/text.h"

namespace candor {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

Position PlaceCursor::AtByte(std::size_t offset) {
  if (offset < offset_) Reset();
  while (offset_ < std::min(offset, text_.size())) Step();
  return {line_, static_cast<std::uint32_t>(offset_ - line_start_ + 1)};
}

Position PlaceCursor::AtCodePoint(std::size_t index) {
  if (index < code_points_) Reset();
  while (code_points_ < index && offset_ < text_.size()) {
    Step();
    while (offset_ < text_.size() && IsContinuation(text_[offset_])) Step();
    ++code_points_;
  }
  return {line_, static_cast<std::uint32_t>(offset_ - line_start_ + 1)};
}

void PlaceCursor::Reset() {
  offset_ = code_points_ = line_start_ = 0;
  line_ = 1;
}

void PlaceCursor::Step() {
  if (text_[offset_++] != '\n') return;
  line_start_ = offset_;
  ++line_;
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

bool CheckText(std::string_view text, std::size_t max_bytes, Problems* problems) {
  if (text.size() > max_bytes) {
    problems->Add({ErrorCode::kOverLimit, "",
                   "is longer than " + Decimal(static_cast<std::int64_t>(max_bytes)) + " bytes"});
    return false;
  }
  const std::size_t wrong = std::min(FindInvalidUtf8(text), text.find('\0'));
  if (wrong == std::string_view::npos) return true;
  problems->Add({ErrorCode::kNotUtf8, "", "is not UTF-8 text without NUL; save the file as UTF-8",
                 PlaceCursor(text).AtByte(wrong)});
  return false;
}

}  // namespace candor
