// The cases of the parity campaign: an operation and its inputs, each a function of a seed and an
// index.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/parity/random.h"

namespace candor::parity {

struct Case {
  std::string operation;
  std::vector<std::pair<std::string, std::string>> inputs;  // Name and bytes.
};

Case RandomCase(std::uint64_t seed, std::uint64_t index, const std::vector<std::string>& naughty);

// Reports of every built-in catalogue with `text` in each field that takes text, in labels of
// scraped points, and in the configuration.
std::vector<Case> TextCases(const std::string& text, const std::vector<std::string>& naughty);

}  // namespace candor::parity
