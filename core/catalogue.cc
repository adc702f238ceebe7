#include "core/catalogue.h"

#include <algorithm>

#include "core/catalogue_check.h"
#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/sha256.h"
#include "core/text.h"

namespace candor {
namespace {

// `given` with every integer spelled as JSON.stringify spells it.
JsonValue WithPlainNumbers(const JsonValue& given) {
  JsonValue plain = given;
  std::int64_t number = 0;
  if (plain.AsInteger(&number)) return JsonValue::Integer(number);
  if (plain.is_array()) {
    for (JsonValue& item : plain.mutable_items()) item = WithPlainNumbers(item);
  } else if (plain.is_object()) {
    for (JsonMember& member : plain.mutable_members()) {
      member.value = WithPlainNumbers(member.value);
    }
  }
  return plain;
}

Field FixedField(const Profile::Place& place) {
  Field field;
  field.pointer = place.pointer;
  field.fixed = true;
  field.missing = MissingRule::kLiteral;
  field.literal = *place.always;
  return field;
}

// The field as the profile's longest matching rule for missing values has it. A required field is
// never missing.
Field WithMissingRule(Field field, const Profile& profile) {
  const Profile::Missing* longest = nullptr;
  for (const Profile::Missing& missing : profile.missing) {
    if (!IsWithin(field.pointer, missing.pointer)) continue;
    if (longest == nullptr || missing.pointer.size() > longest->pointer.size()) longest = &missing;
  }
  if (longest != nullptr && !field.required) {
    field.missing = longest->rule;
    field.literal = longest->literal;
  }
  return field;
}

}  // namespace

Result<Catalogue> SelectProfile(const Catalogue& catalogue, std::string_view profile_name) {
  std::vector<std::string_view> names;
  for (const Profile& profile : catalogue.profiles) names.push_back(profile.name);
  const auto found = std::find(names.begin(), names.end(), profile_name);
  if (found == names.end()) {
    std::string message =
        "the catalogue \"" + catalogue.name + "\" has no profile \"" + Quotable(profile_name) + '"';
    return Error{ErrorCode::kNotFound, "", WithNearest(std::move(message), profile_name, names)};
  }
  const Profile& profile = catalogue.profiles[static_cast<std::size_t>(found - names.begin())];
  Catalogue selected = catalogue;
  selected.profile = profile.name;
  selected.fields.clear();
  for (const PlacedField& placed : PlaceFields(catalogue, profile)) {
    selected.fields.push_back(placed.field == kNoField
                                  ? FixedField(profile.order[placed.place])
                                  : WithMissingRule(catalogue.fields[placed.field], profile));
  }
  selected.objects = profile.objects;
  for (const ObjectRule& rule : catalogue.objects) {
    const bool replaced =
        std::any_of(profile.objects.begin(), profile.objects.end(),
                    [&](const ObjectRule& own) { return own.pointer == rule.pointer; });
    if (!replaced) selected.objects.push_back(rule);
  }
  return selected;
}

std::string CatalogueDigest(std::string_view json) {
  const Result<JsonValue> document = ReadJson(json);
  return document.ok() ? Sha256Hex(WriteJson(WithPlainNumbers(document.value()))) : std::string();
}

const BuiltInCatalogue* FindBuiltInCatalogue(std::string_view name) {
  for (const BuiltInCatalogue& catalogue : BuiltInCatalogues()) {
    if (catalogue.name == name) return &catalogue;
  }
  return nullptr;
}

std::string_view Name(FieldType type) {
  constexpr std::string_view kNames[] = {"uuid",       "string",     "boolean",      "integer",
                                         "count",      "date",       "decimal-text", "string-list",
                                         "string-map", "data-points"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string_view Name(FieldGroup group) {
  constexpr std::string_view kNames[] = {"general", "environment", "usage"};
  return kNames[static_cast<std::size_t>(group)];
}

std::string_view Name(DatePrecision precision) {
  constexpr std::string_view kNames[] = {"day", "second", "millisecond"};
  return kNames[static_cast<std::size_t>(precision)];
}

std::string_view Name(PointKind kind) {
  constexpr std::string_view kNames[] = {"component-count", "cluster-count", "usage", "scraped"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace candor
