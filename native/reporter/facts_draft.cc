#include "native/reporter/facts_draft.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/json_reader.h"
#include "core/json_writer.h"

namespace candor {
namespace {

std::vector<std::string> Steps(std::string_view pointer) {
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      steps.emplace_back();
    } else if (!steps.empty()) {
      const bool escape = c == '~' && i + 1 < pointer.size();
      steps.back() += !escape ? c : pointer[++i] == '1' ? '/' : '~';
    }
  }
  return steps;
}

JsonValue* Member(JsonValue& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  for (JsonMember& member : object.mutable_members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

JsonValue& MemberOrNew(JsonValue& object, const std::string& key) {
  if (!object.is_object()) object = JsonValue::Object();
  if (JsonValue* found = Member(object, key)) return *found;
  object.mutable_members().push_back({key, JsonValue()});
  return object.mutable_members().back().value;
}

void RemoveMember(JsonValue& object, std::string_view key) {
  if (!object.is_object()) return;
  std::vector<JsonMember>& members = object.mutable_members();
  members.erase(std::remove_if(members.begin(), members.end(),
                               [key](const JsonMember& member) { return member.key == key; }),
                members.end());
}

// Whether `object` is empty afterwards.
bool RemoveAt(JsonValue& object, const std::vector<std::string>& steps, std::size_t step) {
  if (step + 1 < steps.size()) {
    JsonValue* next = Member(object, steps[step]);
    if (next == nullptr || !RemoveAt(*next, steps, step + 1)) return false;
  }
  RemoveMember(object, steps[step]);
  return object.is_object() && object.members().empty();
}

}  // namespace

FactsDraft::FactsDraft() : document_(JsonValue::Object()) {}

Problems FactsDraft::Read(std::string_view json) {
  Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return std::move(document).problems();
  Problems problems;
  if (!document.value().is_object()) {
    problems.Add({ErrorCode::kWrongType, "", "must be an object", document.value().at()});
  } else {
    document_ = std::move(document).value();
  }
  return problems;
}

JsonValue& FactsDraft::values() { return MemberOrNew(document_, "values"); }

void FactsDraft::Put(std::string_view pointer, JsonValue value) {
  JsonValue* place = &values();
  for (const std::string& step : Steps(pointer)) place = &MemberOrNew(*place, step);
  *place = std::move(value);
}

void FactsDraft::AddTo(std::string_view pointer, std::string_view text) {
  std::vector<JsonValue> items;
  if (const JsonValue* list = Find(pointer); list != nullptr && list->is_array()) {
    items = list->items();
  }
  for (const JsonValue& item : items) {
    if (item.is_string() && item.text() == text) return;
  }
  items.push_back(JsonValue::String(std::string(text)));
  Put(pointer, JsonValue::Array(std::move(items)));
}

void FactsDraft::Remove(std::string_view pointer) {
  const std::vector<std::string> steps = Steps(pointer);
  JsonValue* all = Member(document_, "values");
  if (all != nullptr && !steps.empty()) RemoveAt(*all, steps, 0);
}

const JsonValue* FactsDraft::Find(std::string_view pointer) const {
  const JsonValue* place = document_.Find("values");
  for (const std::string& step : Steps(pointer)) {
    if (place == nullptr || !place->is_object()) return nullptr;
    place = place->Find(step);
  }
  return place;
}

void FactsDraft::PutTop(std::string_view key, JsonValue value) {
  MemberOrNew(document_, std::string(key)) = std::move(value);
}

void FactsDraft::RemoveTop(std::string_view key) { RemoveMember(document_, key); }

std::string FactsDraft::Write() const { return WriteJson(document_); }

}  // namespace candor
