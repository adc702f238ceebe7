// `managed`: the automation clusters that the Console knows, as the Helm chart lists them.
#include <algorithm>
#include <utility>

#include "core/config_values.h"
#include "core/text.h"
#include "core/url.h"

namespace candor {
namespace {

constexpr std::int64_t kMaxText = 2048;
constexpr std::size_t kMaxComponents = 10'000;

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "Zeebe Gateway" is zeebeGateway: how the chart's own ids follow from its names.
std::string IdFromName(std::string_view name) {
  std::string id;
  bool starts_word = false;
  for (const char c : name) {
    if (!IsAlnum(c)) {
      starts_word = true;
    } else {
      id += id.empty() ? Lower(c) : starts_word ? Upper(c) : c;
      starts_word = false;
    }
  }
  return id;
}

// Calls `report` with the index of every name that stood before, and with the index it stood at.
template <typename Report>
void ForEachRepeated(std::vector<std::pair<std::string_view, std::size_t>> names, Report report) {
  std::sort(names.begin(), names.end());
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (!names[i].first.empty() && names[i].first == names[i - 1].first) {
      report(names[i].second, names[i - 1].second);
    }
  }
}

}  // namespace

bool ValueReader::Decode(const Value& value, std::vector<ManagedRelease>* out) {
  if (!value.json->is_object()) return WrongType(value, "an object with 'releases'");
  const std::size_t before = problems_->count();
  constexpr std::string_view kKnown[] = {"method", "releases"};
  CheckKeys(value, kKnown);
  std::string method;
  if (ReadOptionalText(value, "method", &method) && method != "plain" && !method.empty()) {
    const JsonValue& json = *value.json->Find("method");
    problems_->Add({ErrorCode::kOutOfRange, value.where + "/method",
                    "must be \"plain\", the one way in which releases are listed", json.at()});
  }
  std::vector<ManagedRelease> releases;
  for (const JsonMember& member : value.json->members()) {
    if (member.key != "releases" || member.value.is_null()) continue;
    const Value list = Member(value, member);
    if (!member.value.is_array()) return WrongType(list, "an array of releases");
    if (member.value.items().size() > static_cast<std::uint64_t>(said_->row->most)) {
      Add(ErrorCode::kOverLimit, list, "has more than " + Decimal(said_->row->most) + " releases");
      return false;
    }
    releases.resize(member.value.items().size());
    for (std::size_t i = 0; i < releases.size(); ++i) ReadRelease(Item(list, i), &releases[i]);
    CheckReleaseNames(list, releases);
  }
  if (problems_->count() != before) return false;
  *out = std::move(releases);
  return true;
}

void ValueReader::ReadRelease(const Value& value, ManagedRelease* release) {
  if (!value.json->is_object()) {
    WrongType(value, "an object with 'name' and 'components'");
    return;
  }
  constexpr std::string_view kKnown[] = {
      "name", "namespace",         "version",         "components",
      "tags", "custom-properties", "customProperties"};
  CheckKeys(value, kKnown);
  if (!ReadOptionalText(value, "name", &release->name)) {
    Add(ErrorCode::kMissing, value, "needs a 'name', which tells its cluster from others");
  }
  ReadOptionalText(value, "namespace", &release->name_space);
  ReadOptionalText(value, "version", &release->version);
  CheckTexts(value, "tags");
  for (const JsonMember& member : value.json->members()) {
    if (member.key == "components" && !member.value.is_null()) {
      ReadComponents(Member(value, member), release);
    }
  }
}

void ValueReader::ReadComponents(const Value& value, ManagedRelease* release) {
  if (!value.json->is_array()) {
    WrongType(value, "an array of components");
    return;
  }
  const std::size_t count = value.json->items().size();
  if (count > kMaxComponents - components_) {
    Add(ErrorCode::kOverLimit, value,
        "brings the components of all releases above " + Decimal(kMaxComponents));
    return;
  }
  components_ += count;
  release->components.resize(count);
  for (std::size_t i = 0; i < count; ++i) ReadComponent(Item(value, i), &release->components[i]);
  CheckComponentIds(value, *release);
}

void ValueReader::ReadComponent(const Value& value, ManagedComponent* component) {
  if (!value.json->is_object()) {
    WrongType(value, "an object with 'name' and 'id'");
    return;
  }
  // What `url` and `urls` hold is for the Console's links; charts render nonsense there.
  constexpr std::string_view kKnown[] = {"name", "id",        "version", "url",
                                         "urls", "readiness", "metrics"};
  CheckKeys(value, kKnown);
  ReadOptionalText(value, "name", &component->name);
  if (!ReadOptionalText(value, "id", &component->id)) {
    component->id = IdFromName(component->name);
    if (component->id.empty()) {
      Add(ErrorCode::kMissing, value, "needs an 'id', or a 'name' that one can be made from");
    }
  }
  ReadOptionalText(value, "version", &component->version);
  ReadUrl(value, "readiness", &component->readiness);
  ReadUrl(value, "metrics", &component->metrics);
}

bool ValueReader::ReadOptionalText(const Value& object, std::string_view key, std::string* out) {
  for (const JsonMember& member : object.json->members()) {
    if (member.key != key || member.value.is_null()) continue;
    Value value = Member(object, member);
    // A value that is wrong is not a value that is missing: it has its own problem.
    return !Resolve(&value) || !ReadText(value, 0, kMaxText, out) || !out->empty();
  }
  return false;
}

void ValueReader::ReadUrl(const Value& object, std::string_view key, std::string* out) {
  for (const JsonMember& member : object.json->members()) {
    if (member.key != key || member.value.is_null()) continue;
    Value value = Member(object, member);
    if (!Resolve(&value) || !ReadText(value, 0, kMaxText, out) || out->empty()) continue;
    const Result<Url> url = ParseUrl(*out);
    if (!url.ok()) Add(url.error().code, value, url.error().message);
  }
}

void ValueReader::CheckTexts(const Value& object, std::string_view key) {
  const JsonValue* list = object.json->Find(key);
  if (list == nullptr || list->is_null()) return;
  Value value{.json = list, .where = object.where + PointerStep(key), .at = list->at()};
  if (!list->is_array()) {
    WrongType(value, "an array of strings");
    return;
  }
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    std::string text;
    ReadText(Item(value, i), 0, kMaxText, &text);
  }
}

void ValueReader::CheckKeys(const Value& object, std::span<const std::string_view> known) {
  for (const JsonMember& member : object.json->members()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    AddUnknownKey(member.key, object.where + PointerStep(member.key), member.key_at, known,
                  problems_);
  }
}

void ValueReader::CheckComponentIds(const Value& value, const ManagedRelease& release) {
  std::vector<std::pair<std::string_view, std::size_t>> ids;
  for (std::size_t i = 0; i < release.components.size(); ++i) {
    ids.emplace_back(release.components[i].id, i);
  }
  ForEachRepeated(std::move(ids), [&](std::size_t index, std::size_t first) {
    Add(ErrorCode::kConflict, Item(value, index),
        "has the id '" + Quotable(release.components[index].id) + "' of " +
            Item(value, first).where + "; give each component of a release its own");
  });
}

void ValueReader::CheckReleaseNames(const Value& value,
                                    const std::vector<ManagedRelease>& releases) {
  std::vector<std::pair<std::string_view, std::size_t>> names;
  for (std::size_t i = 0; i < releases.size(); ++i) names.emplace_back(releases[i].name, i);
  // The namespace does not help: a report names a cluster by the release's name alone.
  ForEachRepeated(std::move(names), [&](std::size_t index, std::size_t first) {
    Add(ErrorCode::kConflict, Item(value, index),
        "has the name '" + Quotable(releases[index].name) + "' of " + Item(value, first).where +
            "; reports tell clusters apart by the release's name, so give each its own");
  });
}

}  // namespace candor
