#include "core/text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace candor {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The length of the well-formed sequence at `text[0]`, or 0 (Unicode 15, table 3-7).
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(byte(i))) return 0;
  }
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;  // Overlong.
  if (lead == 0xED && byte(1) > 0x9F) return 0;  // Surrogates.
  if (lead == 0xF0 && byte(1) < 0x90) return 0;  // Overlong.
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;  // Beyond U+10FFFF.
  return length;
}

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Optimal string alignment distance, at most `cap` (more is reported as cap + 1).
std::size_t Distance(std::string_view a, std::string_view b, std::size_t cap) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > cap) return cap + 1;
  std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = LowerAscii(a[i - 1]) == LowerAscii(b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && LowerAscii(a[i - 1]) == LowerAscii(b[j - 2]) &&
          LowerAscii(a[i - 2]) == LowerAscii(b[j - 1])) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    before = last;
    std::swap(last, now);
  }
  return std::min(last[b.size()], cap + 1);
}

// Multiplies by ten and adds, within +-(2^53-1); false when it would leave that range.
bool AppendDigit(std::int64_t* magnitude, char digit) {
  *magnitude = *magnitude * 10 + (digit - '0');
  return *magnitude <= kMaxSafeInteger;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::size_t FindInvalidUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const std::size_t length = SequenceLength(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::string Hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string Decimal(std::int64_t value) {
  std::array<char, 20> digits;
  std::size_t start = digits.size();
  std::uint64_t rest = value < 0 ? 0 - static_cast<std::uint64_t>(value) : value;
  do {
    digits[--start] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) digits[--start] = '-';
  return std::string(digits.data() + start, digits.size() - start);
}

bool ParseDecimal(std::string_view text, std::int64_t* out) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty()) return false;
  std::int64_t magnitude = 0;
  for (const char c : text) {
    if (!IsDigit(c) || !AppendDigit(&magnitude, c)) return false;
  }
  *out = negative ? -magnitude : magnitude;
  return true;
}

bool ParseJsonInteger(std::string_view text, std::int64_t* out) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t exponent_at = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, exponent_at);
  std::int64_t exponent = 0;
  if (exponent_at != std::string_view::npos) {
    std::string_view digits = text.substr(exponent_at + 1);
    if (!digits.empty() && digits[0] == '+') digits.remove_prefix(1);
    if (!ParseDecimal(digits, &exponent)) return false;
  }
  const std::size_t point = mantissa.find('.');
  const std::string_view whole = mantissa.substr(0, point);
  std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : mantissa.substr(point + 1);
  std::int64_t magnitude = 0;
  for (const char c : whole) {
    if (!IsDigit(c) || !AppendDigit(&magnitude, c)) return false;
  }
  if (whole.empty() || exponent < -400 || exponent > 400) return false;
  for (; exponent > 0; --exponent) {
    const char digit = fraction.empty() ? '0' : fraction[0];
    if (!fraction.empty()) fraction.remove_prefix(1);
    if (!IsDigit(digit) || !AppendDigit(&magnitude, digit)) return false;
  }
  for (; exponent < 0; ++exponent) {
    if (magnitude % 10 != 0) return false;
    magnitude /= 10;
  }
  if (fraction.find_first_not_of('0') != std::string_view::npos) return false;
  *out = negative ? -magnitude : magnitude;
  return true;
}

std::string_view Nearest(std::string_view word, std::span<const std::string_view> known) {
  std::string_view nearest;
  std::size_t least = std::min<std::size_t>(word.size() / 3, 8) + 1;
  if (word.size() > 128) return nearest;
  for (const std::string_view candidate : known) {
    const std::size_t distance = Distance(word, candidate, least);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string Quotable(std::string_view text, std::size_t max_bytes) {
  std::string quoted;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = SequenceLength(text.substr(at));
    const std::size_t step = length == 0 ? 1 : length;
    if (quoted.size() + step > max_bytes) return quoted + "...";
    const auto lead = static_cast<unsigned char>(text[at]);
    // U+0080 to U+009F are controls, too: terminals may act on them.
    const bool control =
        lead < 0x20 || lead == 0x7F ||
        (lead == 0xC2 && length == 2 && static_cast<unsigned char>(text[at + 1]) < 0xA0);
    if (length == 0 || control) {
      quoted += '?';
    } else {
      quoted.append(text, at, length);
    }
    at += step;
  }
  return quoted;
}

}  // namespace candor
