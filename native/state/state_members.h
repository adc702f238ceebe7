// What the stored documents of state.h share: reading and writing their kinds of members.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_members.h"
#include "core/json_writer.h"
#include "native/state/state.h"

namespace candor {

// A required text, also an empty one or one of several lines.
std::string ReadAnyText(JsonMembers& members, std::string_view key);
// A required integer within +-(2^53-1).
std::int64_t ReadInteger(JsonMembers& members, std::string_view key);
Fate ReadFate(JsonMembers& members, std::string_view key);

// [ {"epoch": "...", "values": {"<name>": 12}} ], names sorted.
void WriteTotals(const std::vector<CounterTotals>& totals, JsonWriter& writer);
std::vector<CounterTotals> ReadTotals(JsonMembers& members, std::string_view key,
                                      Problems& problems);

}  // namespace candor
