#include "core/catalogue_field.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/catalogue_words.h"
#include "core/field_value.h"
#include "core/json_members.h"
#include "core/key_pattern.h"
#include "core/text.h"

namespace candor::catalogue {
namespace {

constexpr std::size_t kMaxLiteral = 256;
constexpr std::int64_t kMaxFieldBytes = 65536;
constexpr std::string_view kSensitivities[] = {"none", "identifier", "business"};

// Whether to read `key`, which only some fields and points have.
bool Belongs(JsonMembers& members, std::string_view key, bool belongs, Need need) {
  const JsonValue* given = members.Get(key, belongs ? need : Need::kOptional);
  if (given != nullptr && !belongs) {
    members.Fail(ErrorCode::kConflict, key, "means nothing here; only other types or kinds use it");
  }
  return given != nullptr && belongs;
}

std::string ReadPointer(JsonMembers& members) {
  std::string pointer = members.Text("pointer", kMaxPointer, Need::kRequired);
  const std::string_view problem = pointer.empty() ? std::string_view() : PointerProblem(pointer);
  if (problem.empty()) return pointer;
  members.Fail(ErrorCode::kOutOfRange, "pointer", std::string(problem));
  return {};
}

void ReadProse(JsonMembers& members, Field* field) {
  field->title = members.Text("title", kMaxTitle, Need::kRequired);
  field->description = members.Text("description", kMaxProse, Need::kRequired);
  field->why = members.Text("why", kMaxProse, Need::kRequired);
  field->since = members.Text("since", kMaxTitle, Need::kRequired);
  const int sensitivity = members.Choice("sensitivity", kSensitivities, Need::kOptional);
  field->sensitivity = std::string(kSensitivities[std::max(sensitivity, 0)]);
}

void ReadPurposes(JsonMembers& members, Field* field) {
  field->purposes = members.Texts("purposes", kMaxPurposes, kMaxName, Need::kRequired);
  const JsonValue* given = members.Get("purposes", Need::kOptional);
  if (given != nullptr && given->is_array() && given->items().empty()) {
    members.Fail(ErrorCode::kOutOfRange, "purposes", "at least one purpose is needed");
  }
}

void ReadPresence(JsonMembers& members, Problems& problems, Field* field) {
  field->may_withhold = members.Boolean("withhold", Need::kOptional);
  field->required = members.Boolean("required", Need::kOptional);
  if (const JsonValue* missing = members.Get("missing", Need::kOptional)) {
    ReadMissing(*missing, members.Where("missing"), problems, &field->missing, &field->literal);
  }
  if (!field->required) return;
  if (field->may_withhold) {
    members.Fail(ErrorCode::kConflict, "withhold", "a required field cannot be withheld");
  }
  if (field->missing != MissingRule::kOmit) {
    members.Fail(ErrorCode::kConflict, "missing", "a required field is never missing");
  }
  if (HasOpenKey(field->pointer)) {
    members.Fail(ErrorCode::kConflict, "required", "nothing beneath `*` can be required");
  }
}

void ReadComponents(JsonMembers& members, PointRule* point) {
  point->components = members.Texts("components", kMaxListed, kMaxName, Need::kOptional);
  const std::vector<std::string>& ids = point->components;
  const bool any = ids.size() == 1 && ids[0] == "*";
  const bool words =
      std::all_of(ids.begin(), ids.end(), [](const std::string& id) { return IsWord(id, "-_"); });
  if (any || (words && !ids.empty())) return;
  members.Fail(ErrorCode::kOutOfRange, "components",
               "must list ids such as \"operate\", or \"*\" alone for any component");
}

void ReadLabels(JsonMembers& members, PointRule* point) {
  point->labels = members.Texts("labels", kMaxListed, kMaxName, Need::kOptional);
  const bool names = std::all_of(point->labels.begin(), point->labels.end(),
                                 [](const std::string& label) { return IsWord(label, "_"); });
  if (names) return;
  members.Fail(ErrorCode::kOutOfRange, "labels", "must list names of Prometheus labels");
}

PointRule ReadPoint(const JsonValue& value, const std::string& where, Problems& problems) {
  JsonMembers members(value, where, problems);
  PointRule point;
  const auto kinds = NamesOf<PointKind, 4>();
  const int kind = members.Choice("kind", kinds, Need::kOptional);
  point.kind = kind < 0 ? PointKind::kScraped : static_cast<PointKind>(kind);
  const bool scraped = point.kind == PointKind::kScraped;
  point.key = members.Text("key", kMaxPointer, Need::kRequired);
  if (!point.key.empty() && !(scraped ? IsWord(point.key, "_:") : IsLowerWord(point.key, "-"))) {
    members.Fail(ErrorCode::kOutOfRange, "key",
                 scraped ? "must be the name of a Prometheus family or sample"
                         : "must be a word such as \"process-instances\"");
  }
  if (Belongs(members, "components", scraped || point.kind == PointKind::kUsage, Need::kRequired)) {
    ReadComponents(members, &point);
  }
  if (Belongs(members, "labels", scraped, Need::kOptional)) ReadLabels(members, &point);
  if (Belongs(members, "countAndSum", scraped, Need::kOptional)) {
    point.count_and_sum = members.Boolean("countAndSum", Need::kOptional);
  }
  point.title = members.Text("title", kMaxTitle, Need::kRequired);
  point.description = members.Text("description", kMaxProse, Need::kRequired);
  point.why = members.Text("why", kMaxProse, Need::kRequired);
  point.since = members.Text("since", kMaxTitle, Need::kRequired);
  point.unit = members.Text("unit", kMaxName, Need::kRequired);
  members.Finish();
  return point;
}

// Keys are told apart by their text alone: consent names them so.
void CheckPoints(const Field& field, const std::string& where, const JsonValue& list,
                 Problems& problems) {
  std::vector<std::pair<std::string_view, std::size_t>> keys;
  std::size_t single[2] = {};  // Entries of the two kinds that stand once only.
  for (std::size_t i = 0; i < field.points.size(); ++i) {
    const PointRule& point = field.points[i];
    const std::string place = ItemPointer(where, i);
    if (!point.key.empty()) keys.emplace_back(point.key, i);
    const std::size_t kind = static_cast<std::size_t>(point.kind);
    if (kind < std::size(single) && ++single[kind] > 1) {
      problems.Add({ErrorCode::kConflict, place,
                    std::string(Name(point.kind)) + " can stand once only", list.items()[i].at()});
    }
  }
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].first != keys[i - 1].first) continue;
    problems.Add({ErrorCode::kConflict, ItemPointer(where, keys[i].second) + "/key",
                  "the same key stands at " + ItemPointer(where, keys[i - 1].second) +
                      "; list all its components in one entry",
                  list.items()[keys[i].second].at()});
  }
}

void ReadPoints(JsonMembers& members, Problems& problems, Field* field) {
  const JsonValue* list = members.Get("points", JsonKind::kArray, Need::kOptional);
  if (list == nullptr) return;
  if (list->items().size() > kMaxPoints) {
    members.Fail(ErrorCode::kOverLimit, "points", "at most 2000 entries are allowed");
    return;
  }
  const std::string where = members.Where("points");
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    field->points.push_back(ReadPoint(list->items()[i], ItemPointer(where, i), problems));
  }
  CheckPoints(*field, where, *list, problems);
}

void ReadKeyPattern(JsonMembers& members, Field* field) {
  const std::string pattern = members.Text("keyPattern", kMaxPointer, Need::kOptional);
  if (pattern.empty() || ParseKeyPattern(pattern, &field->key_pattern)) return;
  members.Fail(ErrorCode::kOutOfRange, "keyPattern",
               "must look like [A-Za-z_][A-Za-z0-9_]{0,63}: two classes of letters, digits (not in "
               "the first) and `_ $ . : / -`, then at most {0,1023}");
}

// The keys that only some types have.
void ReadTypeRules(JsonMembers& members, Problems& problems, Field* field) {
  const FieldType type = field->type;
  const bool open = HasOpenKey(field->pointer);
  const bool map = type == FieldType::kStringMap;
  const bool points = type == FieldType::kDataPoints;
  if (open && (map || points)) {
    members.Fail(ErrorCode::kConflict, "type", "a map or data points cannot stand beneath `*`");
  }
  const bool sized = map || type == FieldType::kString || type == FieldType::kStringList;
  if (Belongs(members, "maxBytes", sized, Need::kOptional)) {
    const std::int64_t given = members.Integer("maxBytes", 1, kMaxFieldBytes, field->max_bytes);
    field->max_bytes = static_cast<std::uint32_t>(given);
  }
  if (Belongs(members, "precision", type == FieldType::kDate, Need::kRequired)) {
    const auto precisions = NamesOf<DatePrecision, 3>();
    const int precision = members.Choice("precision", precisions, Need::kOptional);
    field->precision = static_cast<DatePrecision>(std::max(precision, 0));
  }
  if (Belongs(members, "keyPattern", open || map, Need::kRequired)) ReadKeyPattern(members, field);
  if (Belongs(members, "points", points, Need::kRequired)) ReadPoints(members, problems, field);
}

}  // namespace

Field ReadField(const JsonValue& value, const std::string& where, Problems& problems) {
  JsonMembers members(value, where, problems);
  Field field;
  field.pointer = ReadPointer(members);
  const auto types = NamesOf<FieldType, 10>();
  const auto groups = NamesOf<FieldGroup, 3>();
  const int type = members.Choice("type", types, Need::kRequired);
  const int group = members.Choice("group", groups, Need::kRequired);
  field.type = static_cast<FieldType>(std::max(type, 0));
  field.group = static_cast<FieldGroup>(std::max(group, 0));
  ReadProse(members, &field);
  ReadPurposes(members, &field);
  ReadPresence(members, problems, &field);
  const JsonValue* example = members.Get("example", Need::kRequired);
  if (type >= 0) {
    ReadTypeRules(members, problems, &field);
    if (example != nullptr) CheckFieldValue(field, *example, where + "/example", problems);
  } else {
    // Which of these belong cannot be told without a type; they are known all the same.
    for (const std::string_view key : {"maxBytes", "precision", "keyPattern", "points"}) {
      members.Get(key, Need::kOptional);
    }
  }
  if (example != nullptr) field.example = *example;
  members.Finish();
  return field;
}

void ReadMissing(const JsonValue& value, const std::string& where, Problems& problems,
                 MissingRule* rule, JsonValue* literal) {
  if (value.is_object()) {
    JsonMembers members(value, where, problems);
    const JsonValue* given = members.Get("literal", Need::kRequired);
    members.Finish();
    if (given == nullptr || !CheckLiteral(*given, where + "/literal", problems)) return;
    *rule = MissingRule::kLiteral;
    *literal = *given;
  } else if (value.is_string() && value.text() == "omit") {
    *rule = MissingRule::kOmit;
  } else if (value.is_string() && value.text() == "null") {
    *rule = MissingRule::kNull;
  } else {
    problems.Add({value.is_string() ? ErrorCode::kOutOfRange : ErrorCode::kWrongType, where,
                  "must be \"omit\", \"null\" or {\"literal\": ...}", value.at()});
  }
}

bool CheckLiteral(const JsonValue& literal, const std::string& where, Problems& problems) {
  if (literal.is_string()) return CheckText(literal, kMaxLiteral, where, problems);
  std::int64_t number = 0;
  const bool plain = literal.kind() != JsonKind::kNumber || literal.AsInteger(&number);
  if (plain && literal.items().empty() && literal.members().empty()) return true;
  problems.Add({ErrorCode::kOutOfRange, where,
                "must be null, a boolean, an integer, a text, [] or {}", literal.at()});
  return false;
}

}  // namespace candor::catalogue
