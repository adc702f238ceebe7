// Reading an object of a known shape: every problem of it at once, unknown keys included.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

enum class Need { kRequired, kOptional };

// Asks an object for its members one by one; what was never asked for is reported as unknown.
// Getters answer with an empty value where there is nothing usable. Borrows all its arguments.
class JsonMembers {
 public:
  // Anything but an object is reported here, and its members are then not missed.
  JsonMembers(const JsonValue& value, std::string where, Problems& problems);

  // nullptr when there is no such member. Errors: kMissing.
  const JsonValue* Get(std::string_view key, Need need);
  // nullptr also when it is of another kind. Errors: kWrongType.
  const JsonValue* Get(std::string_view key, JsonKind kind, Need need);
  // Errors: kOutOfRange for empty text or control characters, kOverLimit.
  std::string Text(std::string_view key, std::size_t max_bytes, Need need);
  bool Boolean(std::string_view key, Need need);
  std::int64_t Integer(std::string_view key, std::int64_t least, std::int64_t most,
                       std::int64_t otherwise);
  // The index of the text among `names`, or -1. Errors: kOutOfRange with the nearest name.
  int Choice(std::string_view key, std::span<const std::string_view> names, Need need);
  // A list of distinct texts. Errors: kConflict for one that stands twice.
  std::vector<std::string> Texts(std::string_view key, std::size_t max_items, std::size_t max_bytes,
                                 Need need);

  // Reports every member that was not asked for. Call once, last.
  void Finish();

  bool is_object() const { return value_.is_object(); }
  Position at() const { return value_.at(); }
  std::string Where(std::string_view key) const { return where_ + PointerStep(key); }
  void Fail(ErrorCode code, std::string_view key, std::string message);

 private:
  const JsonValue& value_;
  std::string where_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

// Errors: kWrongType, kOutOfRange for empty text or control characters, kOverLimit.
bool CheckText(const JsonValue& value, std::size_t max_bytes, const std::string& where,
               Problems& problems);
// `message` with "; did you mean ...?" when one of `known` is near `word`.
std::string WithNearest(std::string message, std::string_view word,
                        std::span<const std::string_view> known);
// "<where>/<index>".
std::string ItemPointer(const std::string& where, std::size_t index);

}  // namespace candor
