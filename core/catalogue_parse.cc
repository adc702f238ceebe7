// Reading a catalogue document, entry by entry. What the entries say about each other is checked in
// catalogue_check.cc.
#include <utility>

#include "core/catalogue.h"
#include "core/catalogue_check.h"
#include "core/catalogue_field.h"
#include "core/catalogue_words.h"
#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/text.h"

namespace candor {
namespace {

using namespace catalogue;

constexpr std::size_t kMaxDepth = 20;
constexpr std::size_t kMaxFields = 2000;
constexpr std::size_t kMaxProfiles = 20;

class CatalogueReader {
 public:
  Result<Catalogue> Read(const JsonValue& document) {
    JsonMembers members(document, "", problems_);
    ReadHead(members);
    ReadPurposes(members);
    ReadList(members, "fields", kMaxFields, [&](const JsonValue& item, const std::string& where) {
      catalogue_.fields.push_back(ReadField(item, where, problems_));
    });
    catalogue_.objects = ReadObjectRules(members);
    ReadList(members, "profiles", kMaxProfiles,
             [&](const JsonValue& item, const std::string& where) {
               catalogue_.profiles.push_back(ReadProfile(item, where));
             });
    ReadComponents(members);
    ReadLicense(members);
    ReadSettings(members);
    members.Finish();
    CheckCatalogue(catalogue_, document, problems_);
    if (!problems_.empty()) return std::move(problems_);
    return std::move(catalogue_);
  }

 private:
  void ReadHead(JsonMembers& members) {
    members.Get("catalogue", Need::kRequired);
    members.Integer("catalogue", 1, 1, 1);
    catalogue_.name = Word(members, "name", IsLowerWord, "-");
    catalogue_.version = members.Text("version", kMaxName, Need::kRequired);
    catalogue_.title = members.Text("title", kMaxTitle, Need::kRequired);
    catalogue_.description = members.Text("description", kMaxProse, Need::kRequired);
    const JsonValue* fields = members.Get("fields", Need::kRequired);
    if (fields != nullptr && fields->is_array() && fields->items().empty()) {
      members.Fail(ErrorCode::kOutOfRange, "fields", "at least one field is needed");
    }
  }

  std::string Word(JsonMembers& members, std::string_view key,
                   bool (*is_word)(std::string_view, std::string_view), std::string_view others) {
    std::string word = members.Text(key, kMaxName, Need::kRequired);
    if (word.empty() || is_word(word, others)) return word;
    members.Fail(ErrorCode::kOutOfRange, key,
                 "must be a word of letters, digits and \"" + std::string(others) + '"');
    return {};
  }

  template <typename ReadItem>
  void ReadList(JsonMembers& members, std::string_view key, std::size_t max_items,
                ReadItem&& read_item) {
    const JsonValue* list = members.Get(key, JsonKind::kArray, Need::kOptional);
    if (list == nullptr) return;
    if (list->items().size() > max_items) {
      members.Fail(
          ErrorCode::kOverLimit, key,
          "at most " + Decimal(static_cast<std::int64_t>(max_items)) + " entries are allowed");
      return;
    }
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      read_item(list->items()[i], ItemPointer(members.Where(key), i));
    }
  }

  // Calls `read_rule(member, where)` for every member of the object at `key`.
  template <typename ReadRule>
  void ReadMap(JsonMembers& members, std::string_view key, std::size_t max_members, Need need,
               ReadRule&& read_rule) {
    const JsonValue* map = members.Get(key, JsonKind::kObject, need);
    if (map == nullptr) return;
    if (map->members().size() > max_members) {
      members.Fail(
          ErrorCode::kOverLimit, key,
          "at most " + Decimal(static_cast<std::int64_t>(max_members)) + " members are allowed");
      return;
    }
    for (const JsonMember& member : map->members()) {
      read_rule(member, members.Where(key) + PointerStep(member.key));
    }
  }

  void ReadPurposes(JsonMembers& members) {
    ReadMap(members, "purposes", kMaxPurposes, Need::kRequired,
            [&](const JsonMember& member, const std::string& where) {
              if (!IsLowerWord(member.key, "-") || member.key.size() > kMaxName) {
                problems_.Add({ErrorCode::kOutOfRange, where,
                               "the id of a purpose is a word such as \"product-improvement\"",
                               member.key_at});
              }
              if (CheckText(member.value, kMaxProse, where, problems_)) {
                catalogue_.purposes.push_back({member.key, member.value.text()});
              }
            });
  }

  std::vector<ObjectRule> ReadObjectRules(JsonMembers& members) {
    std::vector<ObjectRule> rules;
    ReadMap(members, "objects", kMaxFields, Need::kOptional,
            [&](const JsonMember& member, const std::string& where) {
              const JsonValue& value = member.value;
              if (value.is_string() && (value.text() == "null" || value.text() == "object")) {
                rules.push_back({member.key, value.text() == "null" ? ObjectRule::Empty::kNull
                                                                    : ObjectRule::Empty::kObject});
                return;
              }
              problems_.Add({value.is_string() ? ErrorCode::kOutOfRange : ErrorCode::kWrongType,
                             where, "must be \"null\" or \"object\"", value.at()});
            });
    return rules;
  }

  Profile ReadProfile(const JsonValue& value, const std::string& where) {
    JsonMembers members(value, where, problems_);
    Profile profile;
    profile.name = members.Text("name", kMaxName, Need::kRequired);
    for (const Profile& other : catalogue_.profiles) {
      if (!profile.name.empty() && other.name == profile.name) {
        members.Fail(ErrorCode::kConflict, "name", "another profile has this name");
      }
    }
    profile.description = members.Text("description", kMaxProse, Need::kRequired);
    members.Get("order", Need::kRequired);
    ReadList(members, "order", kMaxFields, [&](const JsonValue& item, const std::string& place) {
      profile.order.push_back(ReadPlace(item, place));
    });
    ReadMap(members, "missing", kMaxFields, Need::kOptional,
            [&](const JsonMember& member, const std::string& place) {
              Profile::Missing missing{member.key, MissingRule::kOmit, {}};
              ReadMissing(member.value, place, problems_, &missing.rule, &missing.literal);
              profile.missing.push_back(std::move(missing));
            });
    profile.objects = ReadObjectRules(members);
    members.Finish();
    return profile;
  }

  // A pointer, or {"pointer": ..., "always": ...}.
  Profile::Place ReadPlace(const JsonValue& value, const std::string& where) {
    if (value.is_string()) return {value.text(), std::nullopt};
    JsonMembers members(value, where, problems_);
    Profile::Place place;
    place.pointer = members.Text("pointer", kMaxPointer, Need::kRequired);
    if (!place.pointer.empty()) {
      const std::string_view problem = HasOpenKey(place.pointer)
                                           ? "nothing can always stand beneath `*`"
                                           : PointerProblem(place.pointer);
      if (!problem.empty()) {
        members.Fail(ErrorCode::kOutOfRange, "pointer", std::string(problem));
      }
    }
    place.always = JsonValue();
    const JsonValue* always = members.Get("always", Need::kRequired);
    if (always != nullptr && CheckLiteral(*always, where + "/always", problems_)) {
      place.always = *always;
    }
    members.Finish();
    return place;
  }

  void ReadComponents(JsonMembers& members) {
    const JsonValue* value = members.Get("components", Need::kOptional);
    if (value == nullptr) return;
    JsonMembers rules(*value, "/components", problems_);
    catalogue_.components.management =
        rules.Texts("management", kMaxListed, kMaxName, Need::kOptional);
    catalogue_.components.uncounted =
        rules.Texts("uncounted", kMaxListed, kMaxName, Need::kOptional);
    ReadMap(rules, "renamed", kMaxListed, Need::kOptional,
            [&](const JsonMember& member, const std::string& where) {
              if (!CheckText(member.value, kMaxName, where, problems_)) return;
              catalogue_.components.renamed.emplace_back(member.key, member.value.text());
            });
    rules.Finish();
  }

  void ReadLicense(JsonMembers& members) {
    const JsonValue* value = members.Get("license", Need::kOptional);
    if (value == nullptr) return;
    JsonMembers license(*value, "/license", problems_);
    catalogue_.license.pointer = license.Text("pointer", kMaxPointer, Need::kRequired);
    CheckPlace(license, "pointer", catalogue_.license.pointer);
    ReadMap(license, "defaultFeatures", kMaxListed, Need::kOptional,
            [&](const JsonMember& member, const std::string& where) {
              if (!CheckText(member.value, kMaxName, where, problems_)) return;
              catalogue_.license.default_features.emplace_back(member.key, member.value.text());
            });
    license.Finish();
  }

  // Pointers of fields to the settings they come from.
  void ReadSettings(JsonMembers& members) {
    constexpr std::string_view kSettings[] = {"customerId", "installationId"};
    const JsonValue* value = members.Get("settings", JsonKind::kObject, Need::kOptional);
    if (value == nullptr) return;
    JsonMembers settings(*value, "/settings", problems_);
    for (const JsonMember& member : value->members()) {
      CheckPlace(settings, member.key, member.key);
      const int setting = settings.Choice(member.key, kSettings, Need::kRequired);
      if (setting >= 0) {
        catalogue_.settings.push_back({member.key, std::string(kSettings[setting])});
      }
    }
  }

  // A pointer that names one place of the report.
  void CheckPlace(JsonMembers& members, std::string_view key, const std::string& pointer) {
    if (pointer.empty()) return;
    const std::string_view problem =
        HasOpenKey(pointer) ? "must not hold `*`" : PointerProblem(pointer);
    if (!problem.empty()) members.Fail(ErrorCode::kOutOfRange, key, std::string(problem));
  }

  Problems problems_;
  Catalogue catalogue_;
};

}  // namespace

Result<JsonValue> ReadCatalogueJson(std::string_view json) {
  JsonLimits limits;
  limits.max_bytes = kMaxCatalogueBytes;
  limits.max_depth = kMaxDepth;
  return ReadJson(json, limits);
}

Result<Catalogue> ParseCatalogue(std::string_view json) {
  const Result<JsonValue> document = ReadCatalogueJson(json);
  if (!document.ok()) return document.problems();
  return ParseCatalogue(document.value());
}

Result<Catalogue> ParseCatalogue(const JsonValue& document) {
  return CatalogueReader().Read(document);
}

}  // namespace candor
