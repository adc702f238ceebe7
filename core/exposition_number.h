// Numbers of an exposition, judged as text: the grammar of OpenMetrics 1.0, and exact comparison of
// decimals. Nothing is ever turned into a double, so locale, rounding and libc play no part, and
// "1e400" is a number like any other.
#pragma once

#include <cstdint>
#include <string_view>

namespace candor {

// [sign] digits ["." digits] [exponent], with a digit on at least one side of the point.
bool IsRealNumber(std::string_view text);

// The end of the longest such number at `at`, or null when there is none.
const char* SkipRealNumber(const char* at, const char* end);

// A real number, [sign] "inf", [sign] "infinity" or "nan", in any case.
bool IsSampleValue(std::string_view text);

// [sign] digits within 64 bits: what the text format 0.0.4 allows as a timestamp.
bool IsInt64(std::string_view text);

// The value of a text that IsSampleValue() accepts. Borrows the text.
//
// Exponents are clamped to +-10^15, far beyond what any two lines could tell apart.
class DecimalText {
 public:
  DecimalText() = default;  // Zero.
  // REQUIRES: IsSampleValue(text).
  explicit DecimalText(std::string_view text);

  bool is_nan() const { return kind_ == Kind::kNan; }
  bool is_infinite() const { return kind_ == Kind::kInfinite; }
  bool is_negative() const { return negative_; }  // Below zero; false for NaN and -0.
  bool is_integer() const;                        // False for NaN and the infinities.

  // Negative, zero or positive as `a` is below, equal to or above `b`.
  // REQUIRES: neither is NaN.
  static int Compare(const DecimalText& a, const DecimalText& b);

 private:
  enum class Kind : std::uint8_t { kZero, kFinite, kInfinite, kNan };

  Kind kind_ = Kind::kZero;
  bool negative_ = false;
  std::string_view digits_;     // From the first to the last digit that is not 0; may hold a '.'.
  std::int64_t magnitude_ = 0;  // The value is 0.digits x 10^magnitude.
};

}  // namespace candor
