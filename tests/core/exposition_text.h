// What the tests of the exposition readers share.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition.h"

namespace candor {

// All of `text` in chunks of `chunk_bytes`.
Problems Check(std::string_view text, ExpositionFormat format, const ExpositionLimits& limits = {},
               std::size_t chunk_bytes = 1 << 20);

// "code line:column message" of each problem, a line each.
std::string Print(const Problems& problems);

// "code line:column" of each problem, separated by blanks.
std::string Places(const Problems& problems);

struct Selected {
  // "name{label="value",...} text" of each sample, a line each.
  std::string samples;
  Problems problems;
};

Selected Select(std::string_view text, std::span<const FamilySelection> selections,
                const ExpositionLimits& limits = {}, std::size_t chunk_bytes = 1 << 20);

}  // namespace candor
