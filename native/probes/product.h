// What a probe learns: who made a product, and which version it is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

struct ProbedProduct {
  std::string vendor;  // "" when it is not told.
  std::string version;
};

// Of a vendor or a version.
inline constexpr std::size_t kMaxProductBytes = 200;

// Whether a text from outside may be one: one line of UTF-8 of at most kMaxProductBytes, not empty.
bool IsProductText(std::string_view text);

// kUnavailable, for what was asked and gave no good answer.
Error NoAnswer(std::string why);

}  // namespace candor
