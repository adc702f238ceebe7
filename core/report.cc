#include "core/report.h"

#include <optional>

#include "core/data_points.h"
#include "core/field_value.h"
#include "core/json_writer.h"
#include "core/license_key.h"
#include "core/report_tree.h"

namespace candor {
namespace {

// What stands at one place of the report: the administrator's facts, and what the configuration and
// the licence say, which is stronger.
struct Known {
  const JsonValue* fact = nullptr;
  const JsonValue* overlay = nullptr;

  const JsonValue* value() const {
    if (overlay != nullptr && !overlay->is_null()) return overlay;
    return fact != nullptr && !fact->is_null() ? fact : nullptr;
  }
  Known Child(std::string_view key) const {
    const auto find = [key](const JsonValue* object) {
      return object == nullptr ? nullptr : object->Find(key);
    };
    return {find(fact), find(overlay)};
  }
};

// Puts `value` at `pointer` of an object, making the objects on the way.
void PutAt(JsonValue& root, std::string_view pointer, JsonValue value) {
  JsonValue* at = &root;
  for (const std::string& step : PointerSteps(pointer)) {
    if (!at->is_object()) *at = JsonValue::Object();
    std::vector<JsonMember>& members = at->mutable_members();
    JsonValue* next = nullptr;
    for (JsonMember& member : members) {
      if (member.key == step) next = &member.value;
    }
    if (next == nullptr) {
      members.push_back({step, JsonValue::Object(), {}});
      next = &members.back().value;
    }
    at = next;
  }
  *at = std::move(value);
}

JsonValue LicenseObject(const LicenseKey& key, const LicenseRules& rules) {
  std::vector<JsonMember> features;
  for (const auto& [name, value] : rules.default_features) {
    features.push_back({name, JsonValue::String(value), {}});
  }
  for (const auto& [name, value] : key.features) {
    bool replaced = false;
    for (JsonMember& feature : features) {
      if (feature.key != name) continue;
      feature.value = JsonValue::String(value);
      replaced = true;
    }
    if (!replaced) features.push_back({name, JsonValue::String(value), {}});
  }
  std::vector<JsonMember> members;
  members.push_back({"customer", JsonValue::String(key.customer), {}});
  members.push_back({"type", JsonValue::String(key.type), {}});
  if (key.valid_until.has_value()) {
    members.push_back({"valid-until", JsonValue::String(*key.valid_until), {}});
  }
  members.push_back({"unlimited", JsonValue::Boolean(key.unlimited), {}});
  members.push_back({"features", JsonValue::Object(std::move(features)), {}});
  members.push_back({"raw", JsonValue::String(key.raw), {}});
  return JsonValue::Object(std::move(members));
}

class Builder {
 public:
  explicit Builder(const ReportInputs& inputs)
      : inputs_(inputs), tree_(inputs.catalogue), overlay_(JsonValue::Object()) {
    OverlaySettings();
    OverlayLicense();
  }

  Problems Check() {
    CheckObject(tree_.root(), Root(), "/values");
    return std::move(problems_);
  }

  void Write(Sink& sink) {
    JsonWriter writer(sink);
    writer.BeginObject();
    WriteMembers(tree_.root(), Root(), 1, writer);
    writer.EndObject();
    writer.Finish();
  }

 private:
  Known Root() const { return {inputs_.facts.values, &overlay_}; }

  void OverlaySettings() {
    for (const SettingRule& rule : inputs_.catalogue.settings) {
      const std::string& text = rule.setting == "customerId" ? inputs_.config.customer_id.value
                                                             : inputs_.config.installation_id.value;
      if (!text.empty()) PutAt(overlay_, rule.pointer, JsonValue::String(text));
    }
  }

  void OverlayLicense() {
    const LicenseRules& rules = inputs_.catalogue.license;
    if (rules.pointer.empty()) return;
    if (inputs_.facts.license_key.has_value()) {
      const Result<LicenseKey> key = ParseLicenseKey(*inputs_.facts.license_key);
      PutAt(overlay_, rules.pointer,
            key.ok() ? LicenseObject(key.value(), rules)
                     : JsonValue::Object({{"type", JsonValue::String("UNRECOGNISED"), {}}}));
      return;
    }
    // A host that parsed the key itself may still have left the signature in `raw`.
    const JsonValue* raw = FactAt(rules.pointer + "/raw");
    if (raw == nullptr || !raw->is_string()) return;
    const Result<LicenseKey> key = ParseLicenseKey(raw->text());
    if (key.ok()) {
      PutAt(overlay_, rules.pointer + "/raw", JsonValue::String(key.value().raw));
    } else {
      problems_.Add({ErrorCode::kMalformedLicense, "/values" + rules.pointer + "/raw",
                     "is no licence key that can be split from its signature; leave it out",
                     raw->at()});
    }
  }

  const JsonValue* FactAt(std::string_view pointer) const {
    const JsonValue* at = inputs_.facts.values;
    for (const std::string& step : PointerSteps(pointer)) {
      at = at == nullptr ? nullptr : at->Find(step);
    }
    return at;
  }

  // What is known at `node`, a child of `object`. Nothing where a profile prescribes the value, and
  // no fact beneath a licence that was parsed here.
  Known Child(const ReportNode& object, const ReportNode& node, const Known& known) const {
    if (node.field != nullptr && node.field->fixed) return {};
    Known child = known.Child(node.key);
    if (inputs_.facts.license_key.has_value() &&
        object.pointer == inputs_.catalogue.license.pointer) {
      child.fact = nullptr;
    }
    return child;
  }

  // Calls `visit(node, key, known)` for every member that a node's place has: one for a fixed key,
  // one for each matching key of the facts for `*`.
  template <typename Visit>
  void ForEachMember(const ReportNode& object, const Known& known, Visit visit) const {
    for (const ReportNode& node : object.children) {
      if (node.key != "*") {
        visit(node, std::string_view(node.key), Child(object, node, known));
      } else if (const JsonValue* open = known.value(); open != nullptr) {
        for (const JsonMember* member : MatchingMembers(*open, *node.key_pattern)) {
          visit(node, std::string_view(member->key), Known{&member->value, nullptr});
        }
      }
    }
  }

  void CheckObject(const ReportNode& object, const Known& known, const std::string& where) {
    const JsonValue* value = known.value();
    if (value != nullptr && !value->is_object()) {
      problems_.Add({ErrorCode::kWrongType, where,
                     "must be an object, is " + std::string(KindName(value->kind())), value->at()});
      return;
    }
    ForEachMember(
        object, known, [&](const ReportNode& node, std::string_view key, const Known& at) {
          const std::string member_where = where + PointerStep(key);
          if (node.field == nullptr) {
            CheckObject(node, at, member_where);
          } else if (node.field->type == FieldType::kDataPoints) {
            PointsOf(*node.field, 2).Check(problems_);
          } else if (at.value() != nullptr) {
            CheckFieldValue(*node.field, *at.value(), member_where, problems_);
          } else if (node.field->required) {
            problems_.Add({ErrorCode::kMissing, member_where,
                           "must be given" + SettingFor(node.pointer) + ": " + node.field->title});
          }
        });
  }

  // " as customerId in the configuration" for a place that a setting fills.
  std::string SettingFor(std::string_view pointer) const {
    for (const SettingRule& rule : inputs_.catalogue.settings) {
      if (rule.pointer == pointer) return ", as " + rule.setting + " in the configuration";
    }
    return {};
  }

  // Whether anything beneath stands in the facts, the configuration or the licence.
  bool IsKnown(const ReportNode& node, const Known& known) const {
    if (node.field != nullptr) {
      return known.value() != nullptr || node.field->fixed ||
             node.field->type == FieldType::kDataPoints;
    }
    bool found = false;
    ForEachMember(node, known, [&](const ReportNode& child, std::string_view, const Known& at) {
      found = found || IsKnown(child, at);
    });
    return found;
  }

  // Whether the report has a member for the place.
  bool IsWritten(const ReportNode& node, const Known& known) const {
    if (IsKnown(node, known) || node.empty.has_value()) return true;
    if (node.field != nullptr) return node.field->missing != MissingRule::kOmit;
    bool found = false;
    ForEachMember(node, known, [&](const ReportNode& child, std::string_view, const Known& at) {
      found = found || IsWritten(child, at);
    });
    return found;
  }

  void WriteMembers(const ReportNode& object, const Known& known, std::size_t depth,
                    JsonWriter& writer) const {
    ForEachMember(object, known,
                  [&](const ReportNode& node, std::string_view key, const Known& at) {
                    if (!IsWritten(node, at)) return;
                    writer.Key(key);
                    if (node.field != nullptr) {
                      WriteField(*node.field, at.value(), depth, writer);
                    } else if (node.empty == ObjectRule::Empty::kNull && !IsKnown(node, at)) {
                      writer.Null();
                    } else {
                      writer.BeginObject();
                      if (!node.empty.has_value() || IsKnown(node, at))
                        WriteMembers(node, at, depth + 1, writer);
                      writer.EndObject();
                    }
                  });
  }

  void WriteField(const Field& field, const JsonValue* value, std::size_t depth,
                  JsonWriter& writer) const {
    if (field.type == FieldType::kDataPoints) {
      PointsOf(field, depth + 1).Write(writer);
    } else if (field.fixed || (value == nullptr && field.missing == MissingRule::kLiteral)) {
      writer.Value(field.literal);
    } else if (value == nullptr) {
      writer.Null();
    } else {
      WriteFieldValue(field, *value, writer);
    }
  }

  DataPoints PointsOf(const Field& field, std::size_t depth) const {
    return DataPoints(field, inputs_.catalogue.components, inputs_.config, inputs_.facts, depth);
  }

  const ReportInputs& inputs_;
  ReportTree tree_;
  JsonValue overlay_;
  Problems problems_;
};

}  // namespace

Problems BuildReport(const ReportInputs& inputs, Sink& sink) {
  Builder builder(inputs);
  Problems problems = builder.Check();
  if (problems.empty()) builder.Write(sink);
  return problems;
}

}  // namespace candor
