// Whether a value may stand for a field: for the facts of a report and for a catalogue's examples.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/json_writer.h"
#include "core/result.h"

namespace candor {

// False when `value` does not fit the field's type, limits or pattern; then `problems` says why.
// `where` is the value's JSON pointer. A null fits no type. Of kDataPoints only the kind of JSON
// value is looked at.
// Errors: kWrongType, kOutOfRange, kOverLimit, kNotUtf8.
bool CheckFieldValue(const Field& field, const JsonValue& value, const std::string& where,
                     Problems& problems);

// Writes a value that CheckFieldValue found nothing wrong with. REQUIRES: not kDataPoints.
void WriteFieldValue(const Field& field, const JsonValue& value, JsonWriter& writer);

// The members of an object whose keys match, sorted by key; others are not named by the catalogue.
std::vector<const JsonMember*> MatchingMembers(const JsonValue& object, const KeyPattern& pattern);

// RFC 9562 version 4, in either case.
bool IsUuid4(std::string_view text);
// "2026-11-21", "2026-11-21T09:30:00Z", "2026-11-21T09:30:00.125+01:00" (or "+0100"), of days that
// exist.
bool IsDate(std::string_view text, DatePrecision precision);
// A decimal number with or without exponent, "NaN", "+Inf", "-Inf" or "Inf".
bool IsDecimalText(std::string_view text);

}  // namespace candor
