// The Console's data points as they arrive, held against a catalogue's rules.
#pragma once

#include <string>

#include "core/catalogue.h"
#include "core/json_value.h"
#include "core/result.h"

namespace candor {

// False when a point is not what the rules of `field` would have written; then `problems` says why.
// REQUIRES: `points` is an array. Errors: kWrongType, kOutOfRange, kMissing, kUnknownKey.
bool CheckPoints(const Field& field, const JsonValue& points, const std::string& where,
                 Problems& problems);

}  // namespace candor
