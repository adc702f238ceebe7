// Where a setting of the collector was given, and problems that say so.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace candor {

struct SettingOrigin {
  enum class Kind : std::uint8_t { kFile, kEnvironment, kCommandLine };
  Kind kind = Kind::kCommandLine;
  std::string source;  // Of kFile its name.
  Position at;
  // Of a list in a file: what stands in it, and where.
  std::vector<std::pair<std::string, Position>> items;
};

// By the setting's key.
using SettingOrigins = std::map<std::string, SettingOrigin, std::less<>>;

// Of the key "keepDays": "--keep-days" and "CANDOR_COLLECTOR_KEEP_DAYS".
std::string SettingFlag(std::string_view key);
std::string SettingVariable(std::string_view key);

// For people: "default" where there is none, "collector.yaml:7:3", "environment variable
// CANDOR_COLLECTOR_KEEP_DAYS", "--keep-days".
std::string OriginText(const SettingOrigins& origins, std::string_view key);

// Checks speak of options, as in "--keep-days 0"; whoever wrote a file looks for a line of it.
Problems WhereGiven(const Problems& problems, const SettingOrigins& origins);

}  // namespace candor
