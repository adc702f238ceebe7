#include "core/received_points.h"

#include <algorithm>
#include <string_view>

#include "core/field_value.h"
#include "core/json_members.h"
#include "core/text.h"

namespace candor {
namespace {

class PointCheck {
 public:
  PointCheck(const PointKeys& keys, Problems& problems) : keys_(keys), problems_(problems) {}

  void Check(const JsonValue& value, const std::string& where) {
    JsonMembers point(value, where, problems_);
    const JsonValue* const key = point.Get("key", JsonKind::kString, Need::kRequired);
    const PointRule* const rule = key == nullptr ? nullptr : keys_.Find(key->text());
    if (key != nullptr && rule == nullptr) {
      point.Fail(ErrorCode::kOutOfRange, "key",
                 '"' + Quotable(key->text()) + "\" is no key that the catalogue names");
    }
    Entities(point.Get("entities", JsonKind::kArray, Need::kRequired), point.Where("entities"));
    Values(point, rule);
    Tags(point.Get("tags", JsonKind::kObject, Need::kOptional), rule, point);
    Time("tsFrom", Need::kRequired, point);
    const bool window = rule != nullptr && rule->kind == PointKind::kUsage;
    Time("tsTo", window ? Need::kRequired : Need::kOptional, point);
    if (rule != nullptr) point.Finish();
  }

 private:
  void Entities(const JsonValue* entities, const std::string& where) {
    if (entities == nullptr) return;
    for (std::size_t i = 0; i < entities->items().size(); ++i) {
      JsonMembers entity(entities->items()[i], ItemPointer(where, i), problems_);
      entity.Text("id", kMostTextBytes, Need::kRequired);
      entity.Choice("type", kEntityTypes, Need::kRequired);
      entity.Finish();
    }
  }

  // A number in both forms where it was counted, the reading's text where it was scraped.
  void Values(JsonMembers& point, const PointRule* rule) {
    const bool scraped = rule == nullptr || rule->kind == PointKind::kScraped;
    point.Get("type", Need::kRequired);
    const std::int64_t type = point.Integer("type", 0, 1, scraped ? 0 : 1);
    if (rule != nullptr && type != (scraped ? 0 : 1)) {
      point.Fail(ErrorCode::kOutOfRange, "type", scraped ? "must be 0 here" : "must be 1 here");
    }
    const std::string text = point.Text("transferredValue", kMostTextBytes, Need::kRequired);
    const JsonValue* const value =
        point.Get("value", type == 0 ? JsonKind::kString : JsonKind::kNumber, Need::kRequired);
    if (value == nullptr) return;
    std::int64_t number = 0;
    if (type == 1 && !value->AsInteger(&number)) {
      point.Fail(ErrorCode::kOutOfRange, "value", "must be an integer within +-9007199254740991");
    } else if (type == 1 ? text != Decimal(number) : text != value->text()) {
      point.Fail(ErrorCode::kConflict, "value", "is not what \"transferredValue\" says");
    }
  }

  void Tags(const JsonValue* tags, const PointRule* rule, JsonMembers& point) {
    if (tags == nullptr || rule == nullptr) return;
    for (const JsonMember& tag : tags->members()) {
      const std::string where = point.Where("tags") + PointerStep(tag.key);
      if (std::find(rule->labels.begin(), rule->labels.end(), tag.key) == rule->labels.end()) {
        problems_.Add(
            {ErrorCode::kUnknownKey, where, "is no label that the catalogue names", tag.key_at});
      } else if (!tag.value.is_string()) {
        problems_.Add({ErrorCode::kWrongType, where, "must be a string", tag.value.at()});
      }
    }
  }

  static void Time(std::string_view key, Need need, JsonMembers& point) {
    if (point.Get(key, need) != nullptr) point.Integer(key, 0, kMaxSafeInteger, 0);
  }

  static constexpr std::size_t kMostTextBytes = 1024;
  static constexpr std::string_view kEntityTypes[] = {"global", "component", "cluster"};
  const PointKeys& keys_;
  Problems& problems_;
};

}  // namespace

PointKeys::PointKeys(const Field& field) {
  for (const PointRule& rule : field.points) {
    rules_.emplace(rule.key, &rule);
    if (!rule.count_and_sum) continue;
    rules_.emplace(rule.key + "_count", &rule);
    rules_.emplace(rule.key + "_sum", &rule);
  }
}

const PointRule* PointKeys::Find(const std::string& key) const {
  const auto found = rules_.find(key);
  return found == rules_.end() ? nullptr : found->second;
}

bool PointKeys::Check(const JsonValue& points, const std::string& where, Problems& problems) const {
  const std::size_t before = problems.count();
  PointCheck check(*this, problems);
  for (std::size_t i = 0; i < points.items().size(); ++i) {
    check.Check(points.items()[i], ItemPointer(where, i));
  }
  return problems.count() == before;
}

}  // namespace candor
