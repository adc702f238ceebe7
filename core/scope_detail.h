// The text of ScopeEntry::detail, taken apart. For scope.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"

namespace candor {

struct ScopeDetail {
  std::string kind;                   // A field's type, a point's kind, or "label".
  std::string option;                 // The precision, "count-and-sum", or "".
  std::int64_t max_bytes = 0;         // 0 for kinds without a limit.
  KeyPattern key_pattern;             // Empty text where no key is open.
  std::vector<std::string> purposes;  // Sorted.
};

ScopeDetail DetailOf(const Field& field);
ScopeDetail DetailOf(const Field& field, const PointRule& point);
ScopeDetail LabelDetail(const Field& field);

std::string PrintDetail(const ScopeDetail& detail);
bool ParseDetail(std::string_view text, ScopeDetail* out);

// Whether every value that passes `narrow` passes `wide`; purposes aside.
bool LetsThrough(const ScopeDetail& wide, const ScopeDetail& narrow);

}  // namespace candor
