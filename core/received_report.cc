#include "core/received_report.h"

#include <algorithm>
#include <utility>

#include "core/field_value.h"
#include "core/received_points.h"
#include "core/received_spelling.h"

namespace candor {
namespace {

// What an object of the report may hold: fixed keys first, then the open one.
const ReportNode* FindChild(const ReportNode& object, std::string_view key) {
  const ReportNode* open = nullptr;
  for (const ReportNode& child : object.children) {
    if (child.key == "*") {
      if (child.key_pattern->Matches(key)) open = &child;
    } else if (child.key == key) {
      return &child;
    }
  }
  return open;
}

bool HasOpenKeys(const ReportNode& object) {
  return std::any_of(object.children.begin(), object.children.end(),
                     [](const ReportNode& child) { return child.key == "*"; });
}

class Reader {
 public:
  explicit Reader(const std::map<const Field*, PointKeys>& points) : points_(points) {}

  void ReadObject(const ReportNode& object, const JsonValue& value) {
    if (!value.is_object()) {
      report_.problems.Add({ErrorCode::kWrongType, where_,
                            "must be an object, not " + std::string(KindName(value.kind())),
                            value.at()});
      return;
    }
    const std::size_t first = children_.size();
    for (const JsonMember& member : value.members()) {
      children_.push_back(FindChild(object, member.key));
      if (children_.back() != nullptr) {
        ++report_.named;
      } else {
        AddUnknown(member, HasOpenKeys(object));
      }
    }
    for (const ReportNode& child : object.children) ReadChild(child, value, first);
    children_.resize(first);
  }

  ReceivedReport Finish() && { return std::move(report_); }

 private:
  // What stands at `child`, once or, where its key is open, for every key. What the members of
  // `value` are stands in children_ from `first` on.
  void ReadChild(const ReportNode& child, const JsonValue& value, std::size_t first) {
    const bool open = child.key == "*";
    bool found = false;
    for (std::size_t i = 0; i < value.members().size() && (open || !found); ++i) {
      if (children_[first + i] != &child) continue;
      found = true;
      ReadPlace(child, value.members()[i].key, &value.members()[i].value);
    }
    if (!found && !open) ReadPlace(child, child.key, nullptr);
  }

  void ReadPlace(const ReportNode& node, std::string_view key, const JsonValue* value) {
    const std::size_t parent = where_.size();
    AppendPointerStep(key, &where_);
    const bool known = value != nullptr && !value->is_null();
    if (node.field != nullptr) {
      ReadField(*node.field, known ? value : nullptr);
    } else if (known) {
      ReadObject(node, *value);
    } else {
      MissRequired(node);
    }
    where_.resize(parent);
  }

  void MissRequired(const ReportNode& object) {
    for (const ReportNode& child : object.children) {
      if (child.key != "*") ReadPlace(child, child.key, nullptr);
    }
  }

  void ReadField(const Field& field, const JsonValue* value) {
    if (value == nullptr) {
      if (field.required) {
        report_.problems.Add({ErrorCode::kMissing, where_, "must be given: " + field.title});
      }
    } else if (!StandsForMissing(field, *value) &&
               (IsOtherSpelling(field, *value) || Fits(field, *value))) {
      report_.values.push_back({&field, PointerOf(field), value});
    }
  }

  std::string_view PointerOf(const Field& field) {
    if (where_ == field.pointer) return field.pointer;
    report_.open_pointers.push_back(std::make_unique<const std::string>(where_));
    return *report_.open_pointers.back();
  }

  static bool StandsForMissing(const Field& field, const JsonValue& value) {
    return field.missing == MissingRule::kLiteral && value.is_string() &&
           field.literal.is_string() && value.text() == field.literal.text();
  }

  bool Fits(const Field& field, const JsonValue& value) {
    if (!CheckFieldValue(field, value, where_, report_.problems)) return false;
    if (field.type == FieldType::kDataPoints) {
      return points_.at(&field).Check(value, where_, report_.problems);
    }
    if (field.type == FieldType::kStringMap) FindUnknownKeys(field, value);
    return true;
  }

  void FindUnknownKeys(const Field& field, const JsonValue& map) {
    for (const JsonMember& member : map.members()) {
      if (field.key_pattern.Matches(member.key)) continue;
      AddUnknown(member, true);
    }
  }

  void AddUnknown(const JsonMember& member, bool open_key) {
    if (report_.unknown.size() == ReceivedReportReader::kMostUnknown) return;
    report_.unknown.push_back(
        {where_ + PointerStep(member.key), &member.value, member.key_at, open_key});
  }

  const std::map<const Field*, PointKeys>& points_;
  ReceivedReport report_;
  std::string where_;                        // The pointer of what is being read.
  std::vector<const ReportNode*> children_;  // Of the objects around it, for each member.
};

}  // namespace

ReceivedReportReader::ReceivedReportReader(const Catalogue& catalogue)
    : catalogue_(catalogue), tree_(catalogue) {
  for (const Field& field : catalogue.fields) {
    if (field.type == FieldType::kDataPoints) points_.emplace(&field, field);
  }
}

ReceivedReport ReceivedReportReader::Read(const JsonValue& document) const {
  Reader reader(points_);
  reader.ReadObject(tree_.root(), document);
  return std::move(reader).Finish();
}

}  // namespace candor
