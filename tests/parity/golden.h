// The golden cases (tests/golden) as cases of the campaign.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/parity/cases.h"

namespace candor::parity {

// Each folder beneath `root` that holds a configuration, with its name; sorted.
std::vector<std::pair<std::string, Case>> GoldenCases(const std::string& root);

}  // namespace candor::parity
