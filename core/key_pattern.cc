#include "core/key_pattern.h"

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

// Calls `visit(from, to)` for each part of a class's inside; false when it is not well formed.
template <typename Visit>
bool ForEachPart(std::string_view inside, Visit&& visit) {
  if (inside.empty()) return false;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const char from = inside[i];
    if (from == '-' && i + 1 == inside.size()) {
      visit('-', '-');
    } else if (!IsClassCharacter(from)) {
      return false;
    } else if (i + 2 < inside.size() && inside[i + 1] == '-') {
      if (!IsRange(from, inside[i + 2])) return false;
      visit(from, inside[i + 2]);
      i += 2;
    } else {
      visit(from, from);
    }
  }
  return true;
}

bool ClassHolds(std::string_view inside, char c) {
  bool holds = false;
  ForEachPart(inside, [&](char from, char to) { holds = holds || (from <= c && c <= to); });
  return holds;
}

bool ClassIncludes(std::string_view wide, std::string_view narrow) {
  bool all = true;
  ForEachPart(narrow, [&](char from, char to) {
    for (char c = from; c <= to; ++c) all = all && ClassHolds(wide, c);
  });
  return all;
}

// Takes "[inside]" off the front of `text`.
bool TakeClass(std::string_view* text, std::string* inside) {
  const std::size_t end = text->find(']');
  if (text->empty() || text->front() != '[' || end == std::string_view::npos) return false;
  *inside = std::string(text->substr(1, end - 1));
  text->remove_prefix(end + 1);
  return ForEachPart(*inside, [](char, char) {});
}

}  // namespace

bool KeyPattern::Matches(std::string_view key) const {
  if (key.empty() || key.size() - 1 > max_rest || !ClassHolds(first, key[0])) return false;
  for (const char c : key.substr(1)) {
    if (!ClassHolds(rest, c)) return false;
  }
  return true;
}

bool ParseKeyPattern(std::string_view text, KeyPattern* out) {
  KeyPattern pattern;
  pattern.text = std::string(text);
  if (!TakeClass(&text, &pattern.first) || !TakeClass(&text, &pattern.rest)) return false;
  // A key such as "12" would be moved to the front by every JavaScript object.
  for (char digit = '0'; digit <= '9'; ++digit) {
    if (ClassHolds(pattern.first, digit)) return false;
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
  return narrow.max_rest <= wide.max_rest && ClassIncludes(wide.first, narrow.first) &&
         (narrow.max_rest == 0 || ClassIncludes(wide.rest, narrow.rest));
}

}  // namespace candor
