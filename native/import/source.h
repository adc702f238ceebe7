// Configuration files of every format, as the sources that ReadConfig takes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/result.h"
#include "native/import/environment.h"

namespace candor {

// JSON, YAML and XML alike; larger files are refused unread.
inline constexpr std::size_t kMaxConfigBytes = std::size_t{8} << 20;

// Reads the files in their order, "-" being standard input, and puts the environment behind them.
// The format follows from the extension (.json, .yaml, .yml, .xml), or else from the content. All
// problems of all files at once; a file that cannot be read is a kBadRequest with the system's
// reason. One file may give several sources (see config_map.h).
Result<std::vector<ConfigSource>> LoadConfigSources(std::span<const std::string> paths,
                                                    const EnvironmentVariables& environment);

// The sources in one text; `name` is the file's name, or what to call it.
Result<std::vector<ConfigSource>> ParseConfigText(const std::string& name, std::string_view text);

}  // namespace candor
