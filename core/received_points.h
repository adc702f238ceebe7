// The Console's data points as they arrive, held against a catalogue's rules.
#pragma once

#include <string>
#include <unordered_map>

#include "core/catalogue.h"
#include "core/json_value.h"
#include "core/result.h"

namespace candor {

// The keys that the rules of one field write, made once for all reports.
class PointKeys {
 public:
  explicit PointKeys(const Field& field);

  // False when a point is not what the rules would have written; then `problems` says why.
  // REQUIRES: `points` is an array. Errors: kWrongType, kOutOfRange, kMissing, kUnknownKey.
  bool Check(const JsonValue& points, const std::string& where, Problems& problems) const;

  // Null where the field has no such key.
  const PointRule* Find(const std::string& key) const;

 private:
  std::unordered_map<std::string, const PointRule*> rules_;  // The field's.
};

}  // namespace candor
