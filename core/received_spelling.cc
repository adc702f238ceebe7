#include "core/received_spelling.h"

#include <algorithm>
#include <array>

namespace candor {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool Take(std::string_view* text, std::string_view prefix) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

// A number of `least_digits` to `most_digits` digits within [least, most].
bool TakeNumber(std::string_view* text, std::size_t least_digits, std::size_t most_digits,
                int least, int most) {
  std::size_t digits = 0;
  int number = 0;
  while (digits < text->size() && digits < most_digits && (*text)[digits] >= '0' &&
         (*text)[digits] <= '9') {
    number = number * 10 + ((*text)[digits++] - '0');
  }
  text->remove_prefix(digits);
  return digits >= least_digits && number >= least && number <= most;
}

}  // namespace

bool IsOtherSpelling(const Field& field, const JsonValue& value) {
  if (!value.is_string()) return false;
  if (field.type == FieldType::kBoolean) return value.text() == "true" || value.text() == "false";
  return field.type == FieldType::kDate && field.precision != DatePrecision::kDay &&
         IsGsonTime(value.text());
}

bool IsGsonTime(std::string_view text) {
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3));
  if (month == kMonths.end()) return false;
  text.remove_prefix(3);
  if (!Take(&text, " ") || !TakeNumber(&text, 1, 2, 1, 31) || !Take(&text, ", ")) return false;
  if (!TakeNumber(&text, 4, 4, 1970, 9999)) return false;
  Take(&text, ",");
  if (!Take(&text, " ") || !TakeNumber(&text, 1, 2, 1, 12)) return false;
  if (!Take(&text, ":") || !TakeNumber(&text, 2, 2, 0, 59)) return false;
  if (!Take(&text, ":") || !TakeNumber(&text, 2, 2, 0, 59)) return false;
  if (!Take(&text, " ") && !Take(&text, "\u202F")) return false;
  return text == "AM" || text == "PM";
}

}  // namespace candor
