#include "core/json_value.h"

#include <algorithm>

#include "core/text.h"

namespace candor {

JsonValue::JsonValue(const JsonValue& other)
    : kind_(other.kind_), boolean_(other.boolean_), at_(other.at_) {
  if (const auto* text = std::get_if<std::string>(&other.held_)) {
    std::string copy = *text;
    held_ = std::move(copy);
  } else if (const auto* items = std::get_if<std::vector<JsonValue>>(&other.held_)) {
    std::vector<JsonValue> copy = *items;
    held_ = std::move(copy);
  } else if (const auto* members = std::get_if<std::vector<JsonMember>>(&other.held_)) {
    std::vector<JsonMember> copy = *members;
    held_ = std::move(copy);
  }
}

JsonValue& JsonValue::operator=(const JsonValue& other) {
  JsonValue copy = other;
  return *this = std::move(copy);
}

JsonValue JsonValue::Boolean(bool value) {
  JsonValue made;
  made.kind_ = JsonKind::kBoolean;
  made.boolean_ = value;
  return made;
}

JsonValue JsonValue::Number(std::string text) {
  JsonValue made;
  made.kind_ = JsonKind::kNumber;
  made.held_ = std::move(text);
  return made;
}

JsonValue JsonValue::Integer(std::int64_t value) { return Number(Decimal(value)); }

JsonValue JsonValue::String(std::string text) {
  JsonValue made;
  made.kind_ = JsonKind::kString;
  made.held_ = std::move(text);
  return made;
}

JsonValue JsonValue::Array() { return Array(std::vector<JsonValue>()); }
JsonValue JsonValue::Object() { return Object(std::vector<JsonMember>()); }

JsonValue JsonValue::Array(std::vector<JsonValue> items) {
  JsonValue made;
  made.kind_ = JsonKind::kArray;
  made.held_ = std::move(items);
  return made;
}

JsonValue JsonValue::Object(std::vector<JsonMember> members) {
  JsonValue made;
  made.kind_ = JsonKind::kObject;
  made.held_ = std::move(members);
  return made;
}

const std::string& JsonValue::text() const {
  static const std::string kEmpty;
  const auto* held = std::get_if<std::string>(&held_);
  return held == nullptr ? kEmpty : *held;
}

const std::vector<JsonValue>& JsonValue::items() const {
  static const std::vector<JsonValue> kEmpty;
  const auto* held = std::get_if<std::vector<JsonValue>>(&held_);
  return held == nullptr ? kEmpty : *held;
}

const std::vector<JsonMember>& JsonValue::members() const {
  static const std::vector<JsonMember> kEmpty;
  const auto* held = std::get_if<std::vector<JsonMember>>(&held_);
  return held == nullptr ? kEmpty : *held;
}

std::vector<JsonValue>& JsonValue::mutable_items() {
  return *std::get_if<std::vector<JsonValue>>(&held_);
}

std::vector<JsonMember>& JsonValue::mutable_members() {
  return *std::get_if<std::vector<JsonMember>>(&held_);
}

const JsonValue* JsonValue::Find(std::string_view key) const {
  for (const JsonMember& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

bool JsonValue::AsInteger(std::int64_t* out) const {
  return kind_ == JsonKind::kNumber && ParseJsonInteger(text(), out);
}

std::string_view KindName(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBoolean:
      return "a boolean";
    case JsonKind::kNumber:
      return "a number";
    case JsonKind::kString:
      return "a string";
    case JsonKind::kArray:
      return "an array";
    case JsonKind::kObject:
      return "an object";
  }
  return "a value";
}

std::string PointerStep(std::string_view key) {
  std::string step;
  AppendPointerStep(key, &step);
  return step;
}

void AppendPointerStep(std::string_view key, std::string* pointer) {
  *pointer += '/';
  if (std::none_of(key.begin(), key.end(), [](char c) { return c == '~' || c == '/'; })) {
    pointer->append(key);
    return;
  }
  for (const char c : key) {
    if (c == '~') {
      *pointer += "~0";
    } else if (c == '/') {
      *pointer += "~1";
    } else {
      *pointer += c;
    }
  }
}

}  // namespace candor
