// Whether two readings of one text are the same, places and all.
#pragma once

#include <algorithm>

#include "core/json_value.h"

namespace candor {

inline bool SamePlace(Position a, Position b) { return a.line == b.line && a.column == b.column; }

inline bool SameJson(const JsonValue& a, const JsonValue& b) {
  const auto same_member = [](const JsonMember& x, const JsonMember& y) {
    return x.key == y.key && SamePlace(x.key_at, y.key_at) && SameJson(x.value, y.value);
  };
  return a.kind() == b.kind() && SamePlace(a.at(), b.at()) && a.boolean() == b.boolean() &&
         a.text() == b.text() &&
         std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                    SameJson) &&
         std::equal(a.members().begin(), a.members().end(), b.members().begin(), b.members().end(),
                    same_member);
}

}  // namespace candor
