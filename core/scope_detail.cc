#include "core/scope_detail.h"

#include <algorithm>
#include <array>

#include "core/key_pattern.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kCountAndSum = "count-and-sum";
constexpr std::string_view kKey = "key";

ScopeDetail Base(std::string_view kind, const Field& field) {
  ScopeDetail detail;
  detail.kind = std::string(kind);
  detail.purposes = field.purposes;
  std::sort(detail.purposes.begin(), detail.purposes.end());
  return detail;
}

bool HasLimit(std::string_view kind) {
  return kind == Name(FieldType::kString) || kind == Name(FieldType::kStringList) ||
         kind == Name(FieldType::kStringMap);
}

// Takes the text up to `separator` off the front; all of it when there is none.
std::string_view Take(std::string_view* text, std::string_view separator) {
  const std::size_t end = text->find(separator);
  const std::string_view taken = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + separator.size());
  return taken;
}

// 0 for the coarsest; -1 when it is none.
int PrecisionRank(std::string_view name) {
  for (int rank = 0; rank < 3; ++rank) {
    if (Name(static_cast<DatePrecision>(rank)) == name) return rank;
  }
  return -1;
}

// The longest text of a kind that is text of a known form, or -1.
std::int64_t LongestText(const ScopeDetail& detail) {
  if (detail.kind == Name(FieldType::kString)) return detail.max_bytes;
  if (detail.kind == Name(FieldType::kUuid)) return 36;
  if (detail.kind == Name(FieldType::kDecimalText)) return Field().max_bytes;
  if (detail.kind != Name(FieldType::kDate)) return -1;
  constexpr std::array<std::int64_t, 3> kLongest = {10, 25, 29};
  const int rank = PrecisionRank(detail.option);
  return rank < 0 ? -1 : kLongest[static_cast<std::size_t>(rank)];
}

bool KindLetsThrough(const ScopeDetail& wide, const ScopeDetail& narrow) {
  if (wide.kind == narrow.kind) {
    if (narrow.max_bytes > wide.max_bytes) return false;
    if (wide.kind == Name(FieldType::kDate)) {
      return PrecisionRank(narrow.option) <= PrecisionRank(wide.option);
    }
    return narrow.option.empty() || narrow.option == wide.option;
  }
  if (wide.kind == Name(FieldType::kString)) {
    const std::int64_t longest = LongestText(narrow);
    return longest >= 0 && longest <= wide.max_bytes;
  }
  return wide.kind == Name(FieldType::kInteger) && narrow.kind == Name(FieldType::kCount);
}

}  // namespace

ScopeDetail DetailOf(const Field& field) {
  ScopeDetail detail = Base(Name(field.type), field);
  if (HasLimit(detail.kind)) detail.max_bytes = field.max_bytes;
  if (field.type == FieldType::kDate) detail.option = std::string(Name(field.precision));
  detail.key_pattern = field.key_pattern;
  return detail;
}

ScopeDetail DetailOf(const Field& field, const PointRule& point) {
  ScopeDetail detail = Base(Name(point.kind), field);
  if (point.count_and_sum) detail.option = std::string(kCountAndSum);
  return detail;
}

ScopeDetail LabelDetail(const Field& field) { return Base("label", field); }

std::string PrintDetail(const ScopeDetail& detail) {
  std::string text = detail.kind;
  if (!detail.option.empty()) text.append(" ").append(detail.option);
  if (detail.max_bytes != 0) text.append(" ").append(Decimal(detail.max_bytes));
  if (!detail.key_pattern.text.empty()) {
    text.append(" ").append(kKey).append(" ").append(detail.key_pattern.text);
  }
  for (std::size_t i = 0; i < detail.purposes.size(); ++i) {
    text.append(i == 0 ? "; " : ", ").append(detail.purposes[i]);
  }
  return text;
}

bool ParseDetail(std::string_view text, ScopeDetail* out) {
  ScopeDetail detail;
  std::string_view what = Take(&text, "; ");
  while (!text.empty()) detail.purposes.emplace_back(Take(&text, ", "));
  std::sort(detail.purposes.begin(), detail.purposes.end());
  detail.kind = std::string(Take(&what, " "));
  while (!what.empty()) {
    const std::string_view word = Take(&what, " ");
    if (word == kKey) {
      if (!ParseKeyPattern(Take(&what, " "), &detail.key_pattern)) return false;
    } else if (word == kCountAndSum || PrecisionRank(word) >= 0) {
      detail.option = std::string(word);
    } else if (!ParseDecimal(word, &detail.max_bytes)) {
      return false;
    }
  }
  *out = std::move(detail);
  return true;
}

bool LetsThrough(const ScopeDetail& wide, const ScopeDetail& narrow) {
  if (wide.key_pattern.text.empty() != narrow.key_pattern.text.empty()) return false;
  if (!wide.key_pattern.text.empty() && !Includes(wide.key_pattern, narrow.key_pattern)) {
    return false;
  }
  return KindLetsThrough(wide, narrow);
}

}  // namespace candor
