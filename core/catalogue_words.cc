#include "core/catalogue_words.h"

#include <utility>

namespace candor::catalogue {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kMaxSteps = 16;

bool IsOneOf(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

}  // namespace

bool IsWord(std::string_view text, std::string_view others) {
  if (text.empty() || IsOneOf(text[0], "-.") || IsOneOf(text[0], kDigits)) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return IsOneOf(c, kLetters) || IsOneOf(c, kDigits) || IsOneOf(c, others);
  });
}

bool IsLowerWord(std::string_view text, std::string_view others) {
  return !text.empty() && IsOneOf(text[0], kLower) && IsWord(text, others);
}

std::string_view PointerProblem(std::string_view pointer) {
  if (pointer.empty() || pointer[0] != '/') return "a pointer starts with \"/\"";
  std::size_t steps = 0;
  bool open = false;
  while (!pointer.empty()) {
    const std::string_view step = pointer.substr(1, pointer.find('/', 1) - 1);
    pointer.remove_prefix(1 + step.size());
    if (++steps > kMaxSteps) return "at most 16 steps are allowed";
    if (step == "*") {
      if (std::exchange(open, true)) return "only one step may be `*`";
    } else if (!step.empty() && IsOneOf(step[0], kDigits)) {
      return "a step must not start with a digit: JavaScript would move such a key to the front";
    } else if (step == "__proto__" || !IsWord(step, "_$.:-")) {
      return "a step is `*`, or a letter, `_`, `$` or `:` followed by letters, digits and "
             "`_ $ . : -`";
    }
  }
  return {};
}

bool HasOpenKey(std::string_view pointer) { return pointer.find('*') != std::string_view::npos; }

}  // namespace candor::catalogue
