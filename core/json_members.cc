#include "core/json_members.h"

#include <algorithm>
#include <optional>

#include "core/text.h"

namespace candor {
namespace {

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Error WrongKind(const JsonValue& value, JsonKind kind, const std::string& where) {
  std::string message = "must be ";
  message.append(KindName(kind)).append(", not ").append(KindName(value.kind()));
  return {ErrorCode::kWrongType, where, std::move(message), value.at()};
}

// Without its place, which takes time to make.
std::optional<Error> WrongText(const JsonValue& value, std::size_t max_bytes) {
  if (!value.is_string()) return WrongKind(value, JsonKind::kString, "");
  if (value.text().size() > max_bytes) {
    return Error{ErrorCode::kOverLimit, "",
                 "at most " + Decimal(static_cast<std::int64_t>(max_bytes)) + " bytes are allowed",
                 value.at()};
  }
  if (value.text().find_first_not_of(' ') == std::string::npos ||
      HasControlCharacter(value.text())) {
    return Error{ErrorCode::kOutOfRange, "",
                 "must be one line of text without control characters, and not empty", value.at()};
  }
  return std::nullopt;
}

}  // namespace

JsonMembers::JsonMembers(const JsonValue& value, std::string where, Problems& problems)
    : value_(value), where_(std::move(where)), problems_(problems) {
  known_.reserve(8);
  if (!value.is_object()) problems_.Add(WrongKind(value, JsonKind::kObject, where_));
}

const JsonValue* JsonMembers::Get(std::string_view key, Need need) {
  known_.push_back(key);
  const JsonValue* member = value_.Find(key);
  if (member == nullptr && need == Need::kRequired && value_.is_object()) {
    problems_.Add({ErrorCode::kMissing, Where(key), '"' + std::string(key) + "\" must be given",
                   value_.at()});
  }
  return member;
}

const JsonValue* JsonMembers::Get(std::string_view key, JsonKind kind, Need need) {
  const JsonValue* member = Get(key, need);
  if (member == nullptr || member->kind() == kind) return member;
  problems_.Add(WrongKind(*member, kind, Where(key)));
  return nullptr;
}

std::string JsonMembers::Text(std::string_view key, std::size_t max_bytes, Need need) {
  const JsonValue* member = Get(key, need);
  if (member == nullptr) return {};
  std::optional<Error> error = WrongText(*member, max_bytes);
  if (!error) return member->text();
  error->where = Where(key);
  problems_.Add(*std::move(error));
  return {};
}

bool JsonMembers::Boolean(std::string_view key, Need need) {
  const JsonValue* member = Get(key, JsonKind::kBoolean, need);
  return member != nullptr && member->boolean();
}

std::int64_t JsonMembers::Integer(std::string_view key, std::int64_t least, std::int64_t most,
                                  std::int64_t otherwise) {
  const JsonValue* member = Get(key, JsonKind::kNumber, Need::kOptional);
  if (member == nullptr) return otherwise;
  std::int64_t number = 0;
  if (member->AsInteger(&number) && number >= least && number <= most) return number;
  Fail(ErrorCode::kOutOfRange, key,
       "must be an integer from " + Decimal(least) + " to " + Decimal(most));
  return otherwise;
}

int JsonMembers::Choice(std::string_view key, std::span<const std::string_view> names, Need need) {
  const JsonValue* member = Get(key, JsonKind::kString, need);
  if (member == nullptr) return -1;
  const auto found = std::find(names.begin(), names.end(), member->text());
  if (found != names.end()) return static_cast<int>(found - names.begin());
  std::string message = '"' + Quotable(member->text()) + "\" must be one of ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    message.append(i == 0 ? "" : ", ").append(names[i]);
  }
  Fail(ErrorCode::kOutOfRange, key, WithNearest(std::move(message), member->text(), names));
  return -1;
}

std::vector<std::string> JsonMembers::Texts(std::string_view key, std::size_t max_items,
                                            std::size_t max_bytes, Need need) {
  std::vector<std::string> texts;
  const JsonValue* list = Get(key, JsonKind::kArray, need);
  if (list == nullptr) return texts;
  if (list->items().size() > max_items) {
    Fail(ErrorCode::kOverLimit, key,
         "at most " + Decimal(static_cast<std::int64_t>(max_items)) + " entries are allowed");
    return texts;
  }
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    const JsonValue& item = list->items()[i];
    const std::string where = ItemPointer(Where(key), i);
    if (!CheckText(item, max_bytes, where, problems_)) continue;
    if (std::find(texts.begin(), texts.end(), item.text()) != texts.end()) {
      problems_.Add({ErrorCode::kConflict, where,
                     '"' + Quotable(item.text()) + "\" stands in the list twice", item.at()});
      continue;
    }
    texts.push_back(item.text());
  }
  return texts;
}

void JsonMembers::Finish() {
  for (const JsonMember& member : value_.members()) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    problems_.Add({ErrorCode::kUnknownKey, Where(member.key),
                   WithNearest("nothing reads \"" + Quotable(member.key) + '"', member.key, known_),
                   member.key_at});
  }
}

void JsonMembers::Fail(ErrorCode code, std::string_view key, std::string message) {
  const JsonValue* member = value_.Find(key);
  problems_.Add({code, Where(key), std::move(message), member ? member->at() : value_.at()});
}

bool CheckText(const JsonValue& value, std::size_t max_bytes, const std::string& where,
               Problems& problems) {
  std::optional<Error> error = WrongText(value, max_bytes);
  if (!error) return true;
  error->where = where;
  problems.Add(*std::move(error));
  return false;
}

std::string WithNearest(std::string message, std::string_view word,
                        std::span<const std::string_view> known) {
  const std::string_view nearest = Nearest(word, known);
  if (!nearest.empty()) message.append("; did you mean \"").append(nearest).append("\"?");
  return message;
}

std::string ItemPointer(const std::string& where, std::size_t index) {
  return where + '/' + Decimal(static_cast<std::int64_t>(index));
}

}  // namespace candor
