#include "core/time_text.h"

#include <algorithm>

#include "core/day.h"
#include "core/field_value.h"
#include "core/text.h"

namespace candor {
namespace {

std::string Padded(std::int64_t value, std::size_t width) {
  const std::string digits = Decimal(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::int64_t DigitsAt(std::string_view text, std::size_t at, std::size_t count) {
  std::int64_t value = 0;
  for (const char c : text.substr(at, count)) value = value * 10 + (c - '0');
  return value;
}

// Days since 1970-01-01, by eras of 400 years that begin on 1 March. REQUIRES: year >= 1.
std::int64_t DaysOf(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t shifted_year = month <= 2 ? year - 1 : year;
  const std::int64_t era = shifted_year / 400;
  const std::int64_t year_of_era = shifted_year % 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

}  // namespace

std::string TimeText(UnixMillis time) {
  if (time < 0 || time > kLatestTime) return Decimal(time) + " ms after 1970";
  const std::int64_t seconds = time / 1000 % 86'400;
  // Days to a civil date, by eras of 400 years that begin on 1 March.
  const std::int64_t shifted = time / kDayMs + 719'468;
  const std::int64_t era = shifted / 146'097;
  const std::int64_t day_of_era = shifted % 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return Padded(year, 4) + "-" + Padded(month, 2) + "-" + Padded(day, 2) + "T" +
         Padded(seconds / 3600, 2) + ":" + Padded(seconds / 60 % 60, 2) + ":" +
         Padded(seconds % 60, 2) + "Z";
}

bool ParseTime(std::string_view text, UnixMillis* out) {
  if (ParseDecimal(text, out)) return true;
  if (!text.ends_with('Z') || !IsDate(text, DatePrecision::kSecond)) return false;
  const std::int64_t seconds =
      DigitsAt(text, 11, 2) * 3600 + DigitsAt(text, 14, 2) * 60 + DigitsAt(text, 17, 2);
  const std::int64_t year = DigitsAt(text, 0, 4);
  if (year < 1970) return false;
  *out = DaysOf(year, DigitsAt(text, 5, 2), DigitsAt(text, 8, 2)) * kDayMs + seconds * 1000;
  return true;
}

}  // namespace candor
