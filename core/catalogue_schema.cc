#include "core/catalogue_schema.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/json_writer.h"
#include "core/sink.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kUuidPattern =
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";
constexpr std::string_view kDecimalPattern =
    "^(NaN|[+-]?(Inf|([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?))$";
constexpr std::string_view kDayPattern = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
constexpr std::string_view kTimePattern = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
constexpr std::string_view kZonePattern = "(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])$";

std::string DatePattern(DatePrecision precision) {
  std::string pattern(kDayPattern);
  if (precision == DatePrecision::kDay) return pattern + '$';
  pattern.append(kTimePattern);
  if (precision == DatePrecision::kMillisecond) pattern.append("\\.[0-9]{3}");
  return pattern.append(kZonePattern);
}

std::string Anchored(const KeyPattern& pattern) { return '^' + pattern.text + '$'; }

// Whether a scraped rule's points look alike but for their key.
bool LikeEachOther(const PointRule& a, const PointRule& b) {
  return a.kind == b.kind && a.labels == b.labels && a.components == b.components;
}

class SchemaWriter {
 public:
  SchemaWriter(const Catalogue& catalogue, JsonWriter& json) : catalogue_(catalogue), json_(json) {}

  void Write() {
    json_.BeginObject();
    Text("$schema", "https://json-schema.org/draft/2020-12/schema");
    Text("title", catalogue_.title);
    Text("description", catalogue_.description);
    std::vector<const Field*> fields;
    for (const Field& field : catalogue_.fields) fields.push_back(&field);
    ObjectRules("", fields);
    if (HasPoints(catalogue_)) EntityDefinition();
    json_.EndObject();
    json_.Finish();
  }

 private:
  using Fields = std::vector<const Field*>;

  void Text(std::string_view key, std::string_view value) {
    json_.Key(key);
    json_.String(value);
  }
  void Number(std::string_view key, std::int64_t value) {
    json_.Key(key);
    json_.Integer(value);
  }
  void Flag(std::string_view key, bool value) {
    json_.Key(key);
    json_.Boolean(value);
  }
  void Texts(std::string_view key, const std::vector<std::string>& values) {
    json_.Key(key);
    json_.BeginArray();
    for (const std::string& value : values) json_.String(value);
    json_.EndArray();
  }
  void Type(std::string_view type, bool or_null) {
    if (!or_null) return Text("type", type);
    Texts("type", {std::string(type), "null"});
  }
  void Open(std::string_view key) {
    json_.Key(key);
    json_.BeginObject();
  }
  void Close() { json_.EndObject(); }

  static bool HasPoints(const Catalogue& catalogue) {
    return std::any_of(catalogue.fields.begin(), catalogue.fields.end(),
                       [](const Field& field) { return !field.points.empty(); });
  }

  void EntityDefinition() {
    Open("$defs");
    Open("entity");
    Text("type", "object");
    Open("properties");
    Typed("id", "string");
    Open("type");
    Texts("enum", {"global", "component", "cluster"});
    Close();
    Close();
    Texts("required", {"id", "type"});
    Flag("additionalProperties", false);
    Close();
    Close();
  }

  struct Member {
    std::string pointer;
    std::string key;
    Fields fields;  // At or beneath the pointer.
  };

  // The members of the object at `pointer`, by first appearance.
  static std::vector<Member> MembersOf(const std::string& pointer, const Fields& fields) {
    std::vector<Member> members;
    for (const Field* field : fields) {
      const std::string child =
          field->pointer.substr(0, field->pointer.find('/', pointer.size() + 1));
      auto member = std::find_if(members.begin(), members.end(),
                                 [&](const Member& other) { return other.pointer == child; });
      if (member == members.end()) {
        members.push_back({child, child.substr(pointer.size() + 1), {}});
        member = members.end() - 1;
      }
      member->fields.push_back(field);
    }
    return members;
  }

  // The keywords of the object at `pointer` ("" for the report), around `fields`, all beneath it.
  void ObjectRules(const std::string& pointer, const Fields& fields) {
    const std::vector<Member> members = MembersOf(pointer, fields);
    Type("object", IsNullable(pointer));
    const bool open = !members.empty() && members[0].key == "*";
    Open(open ? "patternProperties" : "properties");
    std::vector<std::string> required;
    for (const Member& member : members) {
      Open(open ? Anchored(member.fields[0]->key_pattern) : member.key);
      if (member.fields[0]->pointer == member.pointer) {
        FieldRules(*member.fields[0]);
      } else {
        ObjectRules(member.pointer, member.fields);
      }
      Close();
      if (std::any_of(member.fields.begin(), member.fields.end(),
                      [](const Field* field) { return field->required; })) {
        required.push_back(member.key);
      }
    }
    Close();
    if (!required.empty()) Texts("required", required);
    Flag("additionalProperties", false);
  }

  bool IsNullable(const std::string& pointer) const {
    return std::any_of(catalogue_.objects.begin(), catalogue_.objects.end(),
                       [&](const ObjectRule& rule) {
                         return rule.pointer == pointer && rule.empty == ObjectRule::Empty::kNull;
                       });
  }

  void FieldRules(const Field& field) {
    if (field.fixed) return Const(field.literal);
    Text("title", field.title);
    Text("description", field.description);
    if (field.missing != MissingRule::kLiteral) {
      return ValueRules(field, field.missing == MissingRule::kNull);
    }
    json_.Key("anyOf");
    json_.BeginArray();
    json_.BeginObject();
    ValueRules(field, false);
    json_.EndObject();
    json_.BeginObject();
    Const(field.literal);
    json_.EndObject();
    json_.EndArray();
  }

  void Const(const JsonValue& value) {
    json_.Key("const");
    json_.Value(value);
  }

  void ValueRules(const Field& field, bool or_null) {
    switch (field.type) {
      case FieldType::kUuid:
        return PatternRules(kUuidPattern, or_null);
      case FieldType::kDate:
        return PatternRules(DatePattern(field.precision), or_null);
      case FieldType::kDecimalText:
        return PatternRules(kDecimalPattern, or_null);
      case FieldType::kString:
        Type("string", or_null);
        return LengthRules(field, field.required ? 1 : 0);
      case FieldType::kBoolean:
        return Type("boolean", or_null);
      case FieldType::kInteger:
      case FieldType::kCount:
        Type("integer", or_null);
        return RangeRules(field.type == FieldType::kCount ? 0 : -kMaxSafeInteger);
      case FieldType::kStringList:
        Type("array", or_null);
        Open("items");
        Text("type", "string");
        LengthRules(field, 0);
        return Close();
      case FieldType::kStringMap:
        Type("object", or_null);
        Open("patternProperties");
        Open(Anchored(field.key_pattern));
        Text("type", "string");
        LengthRules(field, 0);
        Close();
        Close();
        return Flag("additionalProperties", false);
      case FieldType::kDataPoints:
        Type("array", or_null);
        return PointsRules(field.points);
    }
  }

  void PatternRules(std::string_view pattern, bool or_null) {
    Type("string", or_null);
    Text("pattern", pattern);
  }

  // Our limits are bytes of UTF-8; characters are never more.
  void LengthRules(const Field& field, std::int64_t least) {
    if (least > 0) Number("minLength", least);
    Number("maxLength", field.max_bytes);
  }

  void RangeRules(std::int64_t least) {
    Number("minimum", least);
    Number("maximum", kMaxSafeInteger);
  }

  // One alternative for all rules that differ in nothing but their key.
  void PointsRules(const std::vector<PointRule>& points) {
    if (points.empty()) return Number("maxItems", 0);
    Open("items");
    json_.Key("anyOf");
    json_.BeginArray();
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto first = std::find_if(points.begin(), points.end(), [&](const PointRule& other) {
        return LikeEachOther(other, points[i]);
      });
      if (first != points.begin() + static_cast<std::ptrdiff_t>(i)) continue;
      json_.BeginObject();
      PointRules(points, points[i]);
      json_.EndObject();
    }
    json_.EndArray();
    Close();
  }

  void PointRules(const std::vector<PointRule>& points, const PointRule& like) {
    const bool scraped = like.kind == PointKind::kScraped;
    Text("type", "object");
    Open("properties");
    EntitiesRules(like);
    KeyRules(points, like);
    Open("type");
    Const(JsonValue::Integer(scraped ? 0 : 1));
    Close();
    if (!like.labels.empty()) TagsRules(like.labels);
    Typed("transferredValue", "string");
    Typed("value", scraped ? "string" : "integer");
    Typed("tsFrom", "integer");
    std::vector<std::string> required = {"entities",         "key",   "type",
                                         "transferredValue", "value", "tsFrom"};
    if (like.kind == PointKind::kUsage) {
      Typed("tsTo", "integer");
      required.push_back("tsTo");
    }
    Close();
    Texts("required", required);
    Flag("additionalProperties", false);
  }

  void Typed(std::string_view key, std::string_view type) {
    Open(key);
    Text("type", type);
    Close();
  }

  void EntitiesRules(const PointRule& like) {
    Open("entities");
    Text("type", "array");
    Open("items");
    Text("$ref", "#/$defs/entity");
    Close();
    if (!like.components.empty() && like.components[0] != "*") {
      Open("contains");
      Text("type", "object");
      Open("properties");
      Open("id");
      Texts("enum", like.components);
      Close();
      Open("type");
      Const(JsonValue::String("component"));
      Close();
      Close();
      Close();
    }
    Close();
  }

  void KeyRules(const std::vector<PointRule>& points, const PointRule& like) {
    std::vector<std::string> keys;
    for (const PointRule& point : points) {
      if (!LikeEachOther(point, like)) continue;
      keys.push_back(point.key);
      if (!point.count_and_sum) continue;
      keys.push_back(point.key + "_count");
      keys.push_back(point.key + "_sum");
    }
    Open("key");
    Texts("enum", keys);
    Close();
  }

  // Only labels that a sample has become tags, so none is required.
  void TagsRules(const std::vector<std::string>& labels) {
    Open("tags");
    Text("type", "object");
    Open("properties");
    for (const std::string& label : labels) Typed(label, "string");
    Close();
    Number("minProperties", 1);
    Flag("additionalProperties", false);
    Close();
  }

  const Catalogue& catalogue_;
  JsonWriter& json_;
};

}  // namespace

std::string CatalogueSchema(const Catalogue& catalogue) {
  StringSink sink;
  JsonWriter json(sink);
  SchemaWriter(catalogue, json).Write();
  return std::move(sink).text();
}

}  // namespace candor
