// Reading one field of a catalogue document. For catalogue_parse.cc.
#pragma once

#include <string>

#include "core/catalogue.h"
#include "core/json_value.h"
#include "core/result.h"

namespace candor::catalogue {

// What could not be read keeps its default; an unusable pointer is "".
Field ReadField(const JsonValue& value, const std::string& where, Problems& problems);

// "omit", "null" or {"literal": ...}.
void ReadMissing(const JsonValue& value, const std::string& where, Problems& problems,
                 MissingRule* rule, JsonValue* literal);

// What stands for something unknown says nothing: null, a flag, an integer, a short text, [] or {}.
bool CheckLiteral(const JsonValue& literal, const std::string& where, Problems& problems);

}  // namespace candor::catalogue
