#include "core/exposition_number.h"

#include <cstddef>

namespace candor {
namespace {

constexpr std::int64_t kMaxExponent = 1'000'000'000'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t SkipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

std::size_t SkipSign(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<char>(text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

// Digits after an 'e' and its sign, clamped.
std::int64_t ReadExponent(std::string_view text) {
  const bool negative = text[0] == '-';
  std::int64_t value = 0;
  for (const char c : text.substr(SkipSign(text))) {
    if (value < kMaxExponent) value = value * 10 + (c - '0');
  }
  if (value > kMaxExponent) value = kMaxExponent;
  return negative ? -value : value;
}

}  // namespace

const char* SkipRealNumber(const char* at, const char* end) {
  const auto skip_digits = [end](const char* from) {
    while (from != end && IsDigit(*from)) ++from;
    return from;
  };
  const auto skip_sign = [end](const char* from) {
    return from != end && (*from == '+' || *from == '-') ? from + 1 : from;
  };
  const char* const start = skip_sign(at);
  at = skip_digits(start);
  bool has_digits = at != start;
  if (at != end && *at == '.') {
    const char* const fraction = at + 1;
    at = skip_digits(fraction);
    has_digits = has_digits || at != fraction;
  }
  if (!has_digits) return nullptr;
  if (at == end || (*at | 0x20) != 'e') return at;
  const char* const exponent = skip_sign(at + 1);
  const char* const after = skip_digits(exponent);
  return after == exponent ? at : after;
}

bool IsRealNumber(std::string_view text) {
  const char* const end = text.data() + text.size();
  return SkipRealNumber(text.data(), end) == end && !text.empty();
}

bool IsSampleValue(std::string_view text) {
  if (IsRealNumber(text)) return true;
  const std::string_view word = text.substr(SkipSign(text));
  if (EqualsIgnoringCase(word, "inf") || EqualsIgnoringCase(word, "infinity")) return true;
  return EqualsIgnoringCase(text, "nan");
}

bool IsInt64(std::string_view text) {
  const std::size_t sign = SkipSign(text);
  if (text.size() == sign || SkipDigits(text, sign) != text.size()) return false;
  const std::size_t first = text.find_first_not_of('0', sign);
  if (first == std::string_view::npos) return true;
  const std::string_view digits = text.substr(first);
  if (digits.size() != 19) return digits.size() < 19;
  return digits <= (text[0] == '-' ? "9223372036854775808" : "9223372036854775807");
}

DecimalText::DecimalText(std::string_view text) {
  const bool minus = text[0] == '-';
  const std::string_view unsigned_text = text.substr(SkipSign(text));
  if ((unsigned_text[0] | 0x20) == 'n') {
    kind_ = Kind::kNan;
    return;
  }
  if ((unsigned_text[0] | 0x20) == 'i') {
    kind_ = Kind::kInfinite;
    negative_ = minus;
    return;
  }
  const std::size_t mark = unsigned_text.find_first_of("eE");
  const std::string_view mantissa = unsigned_text.substr(0, mark);
  const std::size_t first = mantissa.find_first_not_of("0.");
  if (first == std::string_view::npos) return;
  const std::size_t last = mantissa.find_last_not_of("0.");
  std::size_t point = mantissa.find('.');
  if (point == std::string_view::npos) point = mantissa.size();

  kind_ = Kind::kFinite;
  negative_ = minus;
  digits_ = mantissa.substr(first, last - first + 1);
  magnitude_ = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (point < first) ++magnitude_;  // The point itself is no digit.
  if (mark != std::string_view::npos) magnitude_ += ReadExponent(unsigned_text.substr(mark + 1));
}

bool DecimalText::is_integer() const {
  if (kind_ == Kind::kZero) return true;
  if (kind_ != Kind::kFinite) return false;
  const bool has_point = digits_.find('.') != std::string_view::npos;
  return static_cast<std::int64_t>(digits_.size()) - (has_point ? 1 : 0) <= magnitude_;
}

int DecimalText::Compare(const DecimalText& a, const DecimalText& b) {
  const auto sign = [](const DecimalText& d) {
    return d.kind_ == Kind::kZero ? 0 : (d.negative_ ? -1 : 1);
  };
  if (sign(a) != sign(b)) return sign(a) - sign(b);
  const int direction = sign(a);
  if (direction == 0) return 0;
  if (a.is_infinite() || b.is_infinite()) {
    return direction * (static_cast<int>(a.is_infinite()) - static_cast<int>(b.is_infinite()));
  }
  if (a.magnitude_ != b.magnitude_) return a.magnitude_ < b.magnitude_ ? -direction : direction;

  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    if (i < a.digits_.size() && a.digits_[i] == '.') ++i;
    if (j < b.digits_.size() && b.digits_[j] == '.') ++j;
    const bool a_ends = i == a.digits_.size();
    const bool b_ends = j == b.digits_.size();
    // Neither ends in a 0, so the longer one is the larger.
    if (a_ends || b_ends) return direction * (static_cast<int>(b_ends) - static_cast<int>(a_ends));
    if (a.digits_[i] != b.digits_[j]) return a.digits_[i] < b.digits_[j] ? -direction : direction;
    ++i;
    ++j;
  }
}

}  // namespace candor
