#include "core/key_pattern.h"

#include <algorithm>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::int64_t kMaxRest = 1023;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

bool IsClassCharacter(char c) {
  return IsDigit(c) || IsUpper(c) || IsLower(c) ||
         std::string_view("_$.:/").find(c) != std::string_view::npos;
}

bool IsRange(char from, char to) {
  return from <= to && ((IsDigit(from) && IsDigit(to)) || (IsUpper(from) && IsUpper(to)) ||
                        (IsLower(from) && IsLower(to)));
}

// What stands between the brackets of a class; false when it is not well formed.
bool ParseClass(std::string_view inside, CharacterSet* out) {
  if (inside.empty()) return false;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const char from = inside[i];
    if (from == '-' && i + 1 == inside.size()) {
      out->Add('-', '-');
    } else if (!IsClassCharacter(from)) {
      return false;
    } else if (i + 2 < inside.size() && inside[i + 1] == '-') {
      if (!IsRange(from, inside[i + 2])) return false;
      out->Add(from, inside[i + 2]);
      i += 2;
    } else {
      out->Add(from, from);
    }
  }
  return true;
}

// Takes "[inside]" off the front of `text`.
bool TakeClass(std::string_view* text, CharacterSet* out) {
  const std::size_t end = text->find(']');
  if (text->empty() || text->front() != '[' || end == std::string_view::npos) return false;
  const std::string_view inside = text->substr(1, end - 1);
  text->remove_prefix(end + 1);
  return ParseClass(inside, out);
}

}  // namespace

bool KeyPattern::Matches(std::string_view key) const {
  if (key.empty() || key.size() - 1 > max_rest || !first.Has(key[0])) return false;
  return std::all_of(key.begin() + 1, key.end(), [this](char c) { return rest.Has(c); });
}

bool ParseKeyPattern(std::string_view text, KeyPattern* out) {
  KeyPattern pattern;
  pattern.text = std::string(text);
  if (!TakeClass(&text, &pattern.first) || !TakeClass(&text, &pattern.rest)) return false;
  // A key such as "12" would be moved to the front by every JavaScript object.
  for (char digit = '0'; digit <= '9'; ++digit) {
    if (pattern.first.Has(digit)) return false;
  }
  constexpr std::string_view kOpening = "{0,";
  if (text.substr(0, kOpening.size()) != kOpening || text.back() != '}') return false;
  text = text.substr(kOpening.size(), text.size() - kOpening.size() - 1);
  std::int64_t max_rest = 0;
  if (text.empty() || text[0] == '-' || (text[0] == '0' && text.size() > 1)) return false;
  if (!ParseDecimal(text, &max_rest) || max_rest > kMaxRest) return false;
  pattern.max_rest = static_cast<std::uint32_t>(max_rest);
  *out = pattern;
  return true;
}

bool Includes(const KeyPattern& wide, const KeyPattern& narrow) {
  return narrow.max_rest <= wide.max_rest && wide.first.Includes(narrow.first) &&
         (narrow.max_rest == 0 || wide.rest.Includes(narrow.rest));
}

}  // namespace candor
