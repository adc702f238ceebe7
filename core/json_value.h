// A JSON document as it was read: key order, number text and places are kept.
//
// An immutable value once built; depth is bounded by whoever builds it (json_reader,
// native/import).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace candor {

enum class JsonKind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

struct JsonMember;

class JsonValue {
 public:
  JsonValue() = default;  // null
  // By hand: what GCC 12 makes of a variant's copy destroys what was not yet made when memory ends.
  JsonValue(const JsonValue& other);
  JsonValue& operator=(const JsonValue& other);
  JsonValue(JsonValue&&) noexcept = default;
  JsonValue& operator=(JsonValue&&) noexcept = default;
  ~JsonValue() = default;
  static JsonValue Boolean(bool value);
  // `text` is a JSON number (RFC 8259 section 6), kept as it is.
  static JsonValue Number(std::string text);
  static JsonValue Integer(std::int64_t value);
  static JsonValue String(std::string text);
  // Empty ones by overload: clang cannot instantiate a default argument of an incomplete type.
  static JsonValue Array();
  static JsonValue Array(std::vector<JsonValue> items);
  static JsonValue Object();
  static JsonValue Object(std::vector<JsonMember> members);

  JsonKind kind() const { return kind_; }
  bool is_null() const { return kind_ == JsonKind::kNull; }
  bool is_string() const { return kind_ == JsonKind::kString; }
  bool is_object() const { return kind_ == JsonKind::kObject; }
  bool is_array() const { return kind_ == JsonKind::kArray; }

  // REQUIRES: kind() == kBoolean.
  bool boolean() const { return boolean_; }
  // The string's UTF-8, or the number's text; empty for all others.
  const std::string& text() const;
  // Empty unless an array, an object.
  const std::vector<JsonValue>& items() const;
  const std::vector<JsonMember>& members() const;
  // REQUIRES: an array, an object.
  std::vector<JsonValue>& mutable_items();
  std::vector<JsonMember>& mutable_members();

  // The member's value, or nullptr. Linear: for the few keys of a known shape.
  const JsonValue* Find(std::string_view key) const;
  // The value as an integer within +-(2^53-1), read exactly from texts such as "12", "-0" and
  // "1.0e3"; false when it is no number or not such an integer.
  bool AsInteger(std::int64_t* out) const;

  // Where the value starts in the text it was read from.
  Position at() const { return at_; }
  JsonValue& SetAt(Position at) {
    at_ = at;
    return *this;
  }

 private:
  JsonKind kind_ = JsonKind::kNull;
  bool boolean_ = false;
  Position at_;
  // One of them at a time: documents of many small values are the rule, and memory follows.
  std::variant<std::monostate, std::string, std::vector<JsonValue>, std::vector<JsonMember>> held_;
};

struct JsonMember {
  std::string key;
  JsonValue value;
  Position key_at = {};
};

// "null", "a boolean", "a number", "a string", "an array", "an object": for messages.
std::string_view KindName(JsonKind kind);

// `key` as one step of a JSON pointer: "/a~1b" for "a/b" (RFC 6901 section 3).
std::string PointerStep(std::string_view key);
void AppendPointerStep(std::string_view key, std::string* pointer);

}  // namespace candor
