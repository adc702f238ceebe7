// The table of the collector's settings: which there are, and which values they take.
//
// A new one is a member of CollectorOptions and a row here; the file's key, the variable, the
// option, the help and what check-config prints follow.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json_value.h"
#include "native/collector/service/collector_options.h"

namespace candor {

using CollectorMember =
    std::variant<std::string CollectorOptions::*, std::vector<std::string> CollectorOptions::*,
                 std::int64_t CollectorOptions::*, bool CollectorOptions::*>;

struct CollectorSetting {
  std::string_view key;  // In the file; SettingFlag and SettingVariable tell its other names.
  CollectorMember member;
  const char* help;
  std::int64_t least = 0, most = 0;              // Of an integer.
  std::array<std::string_view, 2> choices = {};  // Of a text that is one of few.

  bool is_list() const { return member.index() == 1; }
  bool is_flag() const { return member.index() == 3; }
};

std::span<const CollectorSetting> CollectorSettings();

// Takes a value as a file has it; a list of one may be that one. Errors, at `where`: kWrongType,
// kOutOfRange, kOverLimit, kConflict.
bool SetCollectorOption(const CollectorSetting& setting, const JsonValue& value,
                        const std::string& where, CollectorOptions& options, Problems& problems);

// The value that a file would have for texts, as they stand in the environment or were typed.
JsonValue CollectorValue(const CollectorSetting& setting, const std::vector<std::string>& texts);

// {"folder": ..., ..., "origins": {"/folder": "default", ...}}
std::string CollectorOptionsJson(const CollectorOptions& options);

}  // namespace candor
