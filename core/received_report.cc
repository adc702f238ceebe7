#include "core/received_report.h"

#include <algorithm>
#include <utility>

#include "core/field_value.h"
#include "core/received_points.h"

namespace candor {
namespace {

// What an object of the report may hold: fixed keys first, then the open one.
const ReportNode* FindChild(const ReportNode& object, std::string_view key) {
  const ReportNode* open = nullptr;
  for (const ReportNode& child : object.children) {
    if (child.key == key) return &child;
    if (child.key == "*" && child.key_pattern->Matches(key)) open = &child;
  }
  return open;
}

class Reader {
 public:
  void ReadObject(const ReportNode& object, const JsonValue& value, const std::string& where) {
    if (!value.is_object()) {
      report_.problems.Add({ErrorCode::kWrongType, where,
                            "must be an object, not " + std::string(KindName(value.kind())),
                            value.at()});
      return;
    }
    for (const JsonMember& member : value.members()) {
      if (FindChild(object, member.key) != nullptr) {
        ++report_.named;
        continue;
      }
      report_.unknown.Add({ErrorCode::kUnknownKey, where + PointerStep(member.key),
                           "is nothing that the catalogue names", member.key_at});
    }
    for (const ReportNode& child : object.children) {
      if (child.key == "*") {
        ReadOpen(object, child, value, where);
      } else {
        ReadPlace(child, value.Find(child.key), where + PointerStep(child.key));
      }
    }
  }

  ReceivedReport Finish() && { return std::move(report_); }

 private:
  void ReadOpen(const ReportNode& object, const ReportNode& open, const JsonValue& value,
                const std::string& where) {
    for (const JsonMember& member : value.members()) {
      if (FindChild(object, member.key) == &open) {
        ReadPlace(open, &member.value, where + PointerStep(member.key));
      }
    }
  }

  void ReadPlace(const ReportNode& node, const JsonValue* value, const std::string& where) {
    const bool known = value != nullptr && !value->is_null();
    if (node.field != nullptr) {
      ReadField(*node.field, known ? value : nullptr, where);
    } else if (known) {
      ReadObject(node, *value, where);
    } else {
      MissRequired(node, where);
    }
  }

  void MissRequired(const ReportNode& object, const std::string& where) {
    for (const ReportNode& child : object.children) {
      if (child.key != "*") ReadPlace(child, nullptr, where + PointerStep(child.key));
    }
  }

  void ReadField(const Field& field, const JsonValue* value, const std::string& where) {
    if (value == nullptr) {
      if (field.required) {
        report_.problems.Add({ErrorCode::kMissing, where, "must be given: " + field.title});
      }
    } else if (!StandsForMissing(field, *value) && Fits(field, *value, where)) {
      report_.values.push_back({&field, where, value});
    }
  }

  static bool StandsForMissing(const Field& field, const JsonValue& value) {
    return field.missing == MissingRule::kLiteral && value.is_string() &&
           field.literal.is_string() && value.text() == field.literal.text();
  }

  bool Fits(const Field& field, const JsonValue& value, const std::string& where) {
    if (!CheckFieldValue(field, value, where, report_.problems)) return false;
    if (field.type == FieldType::kDataPoints) {
      return CheckPoints(field, value, where, report_.problems);
    }
    if (field.type == FieldType::kStringMap) FindUnknownKeys(field, value, where);
    return true;
  }

  void FindUnknownKeys(const Field& field, const JsonValue& map, const std::string& where) {
    for (const JsonMember& member : map.members()) {
      if (field.key_pattern.Matches(member.key)) continue;
      report_.unknown.Add({ErrorCode::kUnknownKey, where + PointerStep(member.key),
                           "is not what a key may look like here", member.key_at});
    }
  }

  ReceivedReport report_;
};

}  // namespace

ReceivedReportReader::ReceivedReportReader(const Catalogue& catalogue)
    : catalogue_(catalogue), tree_(catalogue) {}

ReceivedReport ReceivedReportReader::Read(const JsonValue& document) const {
  Reader reader;
  reader.ReadObject(tree_.root(), document, "");
  return std::move(reader).Finish();
}

}  // namespace candor
