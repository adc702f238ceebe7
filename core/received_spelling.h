// How the original products spelled values that a catalogue writes in one way.
#pragma once

#include <string_view>

#include "core/catalogue.h"
#include "core/json_value.h"

namespace candor {

// Whether `value` says what the field asks for in such a spelling: a boolean as a text ("false",
// Optimize), and a time as Gson writes it ("Nov 16, 2022, 10:41:58 AM", the engine from 7.19 on).
// Both are kept as they came; nothing is counted by them.
bool IsOtherSpelling(const Field& field, const JsonValue& value);

// Java's medium form for the United States: without the comma behind the year up to version 8, and
// with U+202F or a space before AM and PM.
bool IsGsonTime(std::string_view text);

}  // namespace candor
