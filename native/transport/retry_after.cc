#include "native/transport/retry_after.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/day.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view kShape = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> DeltaMillis(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char c : digits) {
    const int digit = c - '0';
    if (seconds > (kMost / 1000 - digit) / 10) return kMost;
    seconds = seconds * 10 + digit;
  }
  return seconds * 1000;
}

}  // namespace

std::optional<UnixMillis> ParseHttpDate(std::string_view text) {
  if (text.size() != kShape.size()) return std::nullopt;
  for (const std::size_t at : {3u, 4u, 7u, 11u, 16u, 19u, 22u, 25u, 26u, 27u, 28u}) {
    if (text[at] != kShape[at]) return std::nullopt;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3)) - kMonths.begin();
  if (month == static_cast<std::ptrdiff_t>(kMonths.size())) return std::nullopt;
  std::array<char, 20> iso = {'y', 'y', 'y', 'y', '-', 'm', 'm', '-', 'd', 'd',
                              'T', 'h', 'h', ':', 'm', 'm', ':', 's', 's', 'Z'};
  std::copy_n(text.begin() + 12, 4, iso.begin());
  iso[5] = static_cast<char>('0' + (month + 1) / 10);
  iso[6] = static_cast<char>('0' + (month + 1) % 10);
  std::copy_n(text.begin() + 5, 2, iso.begin() + 8);
  std::copy_n(text.begin() + 17, 8, iso.begin() + 11);
  UnixMillis time = 0;
  if (!ParseTime(std::string_view(iso.data(), iso.size()), &time)) return std::nullopt;
  if (text.substr(0, 3) != kDays[static_cast<std::size_t>(time / kDayMs % 7)]) {
    return std::nullopt;
  }
  return time;
}

void RetryAfter::ReadDate(std::string_view value) {
  if (!has_date_) date_ = ParseHttpDate(value);
  has_date_ = true;
}

void RetryAfter::ReadRetryAfter(std::string_view value) {
  if (!has_retry_after_) {
    delta_ms_ = DeltaMillis(value);
    until_ = ParseHttpDate(value);
  }
  has_retry_after_ = true;
}

std::optional<std::int64_t> RetryAfter::Millis() const {
  if (delta_ms_) return delta_ms_;
  if (!date_ || !until_) return std::nullopt;
  return std::max<std::int64_t>(0, *until_ - *date_);
}

}  // namespace candor
