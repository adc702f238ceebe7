// Reading an object of a known shape: each expected member once, wrong types and unknown keys
// reported with their place.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

class ObjectReader {
 public:
  // `value` and `problems` are borrowed; `where` is the pointer of `value`. A value that is no
  // object is a problem, and then reads as an empty one.
  ObjectReader(const JsonValue& value, std::string where, Problems& problems);

  // The member, or nullptr; the key counts as known from now on. null counts as absent.
  const JsonValue* Take(std::string_view key);
  // The same, and a problem when the member is of another kind.
  const JsonValue* Take(std::string_view key, JsonKind kind);

  // Each leaves `out` as it is when the member is absent, or a problem (also when it is required).
  enum class Need : std::uint8_t { kOptional, kRequired };
  void String(std::string_view key, std::string* out, Need need = Need::kOptional);
  void Integer(std::string_view key, std::int64_t* out, Need need = Need::kOptional);
  void Boolean(std::string_view key, bool* out);

  // Reports every member whose key was not asked for, with the nearest key that was.
  void RefuseUnknown();

  std::string Where(std::string_view key) const { return where_ + PointerStep(key); }
  void Refuse(ErrorCode code, std::string_view key, std::string message);

 private:
  const JsonValue& value_;
  std::string where_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

}  // namespace candor
