// The process environment as a configuration source.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/config.h"

namespace candor {

using EnvironmentVariables = std::vector<std::pair<std::string, std::string>>;

// A copy of this process's environment. Not while another thread changes it.
EnvironmentVariables ProcessEnvironment();

// The variables that ReadConfig looks at, those that placeholders of `documents` name included, and
// no others. A text of them that is not UTF-8 is a kNotUtf8 problem.
Result<ConfigSource> EnvironmentSource(const EnvironmentVariables& variables,
                                       std::span<const ConfigSource> documents);

}  // namespace candor
