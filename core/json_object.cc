#include "core/json_object.h"

#include <algorithm>

#include "core/text.h"

namespace candor {

ObjectReader::ObjectReader(const JsonValue& value, std::string where, Problems& problems)
    : value_(value), where_(std::move(where)), problems_(problems) {
  if (!value.is_object()) {
    problems_.Add({ErrorCode::kWrongType, where_,
                   "must be an object, is " + std::string(KindName(value.kind())), value.at()});
  }
}

const JsonValue* ObjectReader::Take(std::string_view key) {
  known_.push_back(key);
  const JsonValue* member = value_.Find(key);
  return member == nullptr || member->is_null() ? nullptr : member;
}

const JsonValue* ObjectReader::Take(std::string_view key, JsonKind kind) {
  const JsonValue* member = Take(key);
  if (member == nullptr || member->kind() == kind) return member;
  problems_.Add(
      {ErrorCode::kWrongType, Where(key),
       "must be " + std::string(KindName(kind)) + ", is " + std::string(KindName(member->kind())),
       member->at()});
  return nullptr;
}

void ObjectReader::String(std::string_view key, std::string* out, Need need) {
  const JsonValue* member = Take(key, JsonKind::kString);
  if (member != nullptr) {
    *out = member->text();
  } else if (need == Need::kRequired && value_.is_object() && value_.Find(key) == nullptr) {
    Refuse(ErrorCode::kMissing, key, "must be given, as text");
  }
}

void ObjectReader::Integer(std::string_view key, std::int64_t* out, Need need) {
  const JsonValue* member = Take(key, JsonKind::kNumber);
  if (member != nullptr) {
    if (!member->AsInteger(out)) {
      problems_.Add({ErrorCode::kOutOfRange, Where(key),
                     "must be an integer within +-9007199254740991", member->at()});
    }
  } else if (need == Need::kRequired && value_.is_object() && value_.Find(key) == nullptr) {
    Refuse(ErrorCode::kMissing, key, "must be given, as an integer");
  }
}

void ObjectReader::Boolean(std::string_view key, bool* out) {
  if (const JsonValue* member = Take(key, JsonKind::kBoolean)) *out = member->boolean();
}

void ObjectReader::RefuseUnknown() {
  for (const JsonMember& member : value_.members()) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    std::string message = "is not a key that is known here";
    if (const std::string_view near = Nearest(member.key, known_); !near.empty()) {
      message += "; did you mean \"" + std::string(near) + "\"?";
    }
    problems_.Add({ErrorCode::kUnknownKey, Where(member.key), message, member.key_at});
  }
}

void ObjectReader::Refuse(ErrorCode code, std::string_view key, std::string message) {
  const JsonValue* member = value_.Find(key);
  problems_.Add(
      {code, Where(key), std::move(message), member == nullptr ? value_.at() : member->at()});
}

}  // namespace candor
