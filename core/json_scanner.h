// The quick way through a JSON document that nothing is wrong with.
//
// Nothing but time hangs on it: what it does not read, ReadJson reads the careful way, which knows
// what to say. Not in the WebAssembly module, where size counts.
#pragma once

#include <optional>
#include <string_view>

#include "core/json_reader.h"
#include "core/json_value.h"

namespace candor {

// The very value that ReadJsonCarefully gives, places and all. Nothing where that has anything to
// complain of, and for what is rare: surrogate pairs, and numbers that might be beyond a double.
// REQUIRES: text.size() <= limits.max_bytes.
std::optional<JsonValue> ScanJson(std::string_view text, const JsonLimits& limits);

}  // namespace candor
