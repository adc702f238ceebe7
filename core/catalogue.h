// A catalogue: the list of all that a report may hold, as data.
//
// From it come the projection and the order of a report (core/report.h), the JSON Schema, the
// documentation, the scope digest that consent is bound to (core/consent.h), and the diff between
// two versions. What a catalogue does not name cannot leave. A plain value; the format is described
// in core/catalogues/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

enum class FieldType : std::uint8_t {
  kUuid,    // UUID version 4 (RFC 9562), as text.
  kString,  // Non-empty text of at most max_bytes bytes.
  kBoolean,
  kInteger,      // Within +-(2^53-1).
  kCount,        // An integer >= 0.
  kDate,         // ISO 8601 text of the field's precision.
  kDecimalText,  // A decimal reading as the text it arrived in.
  kStringList,
  kStringMap,   // Keys match key_pattern, values are text.
  kDataPoints,  // The Console's array of points, see PointRule.
};
enum class FieldGroup : std::uint8_t { kGeneral, kEnvironment, kUsage };
enum class DatePrecision : std::uint8_t { kDay, kSecond, kMillisecond };
// What stands for a value that is not known.
enum class MissingRule : std::uint8_t { kOmit, kNull, kLiteral };

// Some of ASCII.
class CharacterSet {
 public:
  // REQUIRES: both are ASCII.
  void Add(char from, char to) {
    for (int c = from; c <= to; ++c) bits_[c >> 6] |= std::uint64_t{1} << (c & 63);
  }
  bool Has(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 128 && (bits_[byte >> 6] >> (byte & 63) & 1) != 0;
  }
  bool Includes(const CharacterSet& other) const {
    return (other.bits_[0] & ~bits_[0]) == 0 && (other.bits_[1] & ~bits_[1]) == 0;
  }

 private:
  std::uint64_t bits_[2] = {};
};

// What an open key may look like: "[first][rest]{0,N}", two character classes over ASCII and a
// length. `first` holds no digit: JavaScript objects would move such keys to the front.
struct KeyPattern {
  std::string text;  // As in the catalogue, usable as a regular expression.
  CharacterSet first, rest;
  std::uint32_t max_rest = 0;
  bool Matches(std::string_view key) const;
};

enum class PointKind : std::uint8_t {
  kComponentCount,  // One per component of the configuration, value 1.
  kClusterCount,    // The number of automation clusters.
  kUsage,           // A counted value over a window, from the facts.
  kScraped,         // Samples of one Prometheus family.
};

// One data-point key that may be sent.
struct PointRule {
  std::string key;  // The point's key; for kScraped the family's (or sample's) name.
  PointKind kind = PointKind::kScraped;
  // Report ids of the components it may come from; "*" stands for any. kUsage and kScraped only.
  std::vector<std::string> components;
  std::vector<std::string> labels;  // Labels that may be sent, in order.
  // Summaries and histograms: send `_count` and `_sum` as they stand, too.
  bool count_and_sum = false;
  std::string title, description, why, since, unit;
};

struct Field {
  std::string pointer;  // RFC 6901, with `*` for an open key.
  FieldType type = FieldType::kString;
  FieldGroup group = FieldGroup::kGeneral;
  std::string title, description, why;
  JsonValue example;
  std::string since;
  std::vector<std::string> purposes;  // Ids of Catalogue::purposes.
  std::string sensitivity;            // "none", "identifier" or "business".
  bool may_withhold = false;
  bool required = false;  // Without it there is no report. Never together with may_withhold.
  MissingRule missing = MissingRule::kOmit;
  JsonValue literal;  // For MissingRule::kLiteral.
  // `literal` stands here whatever is known, and no fact is read: a profile's empty place. Then
  // only `pointer` and `literal` mean anything, and the field is no part of the scope.
  bool fixed = false;
  std::uint32_t max_bytes = 1024;
  DatePrecision precision = DatePrecision::kDay;
  KeyPattern key_pattern;  // For `*` and kStringMap.
  // For kDataPoints, else empty. A key stands once in a catalogue; after narrowing (core/scope.h)
  // it may stand several times, for different components.
  std::vector<PointRule> points;
};

// What stands for an object none of whose fields is known. Without a rule its fields stand there by
// their own rules for missing values, and an object that stays empty so is omitted. An object none
// of whose fields the catalogue still names is omitted, rule or not.
struct ObjectRule {
  std::string pointer;
  enum class Empty : std::uint8_t { kNull, kObject } empty = Empty::kObject;
};

struct Purpose {
  std::string id, description;
};

// How the Console's components are told apart; ids as in `managed.releases`.
struct ComponentRules {
  std::vector<std::string> management;                       // Belong to no automation cluster.
  std::vector<std::string> uncounted;                        // Never reported.
  std::vector<std::pair<std::string, std::string>> renamed;  // Configuration id, report id.
};

// A catalogue's fields in another order or number, with other rules for missing values: how one
// version of the product printed its report.
struct Profile {
  struct Place {
    std::string pointer;  // Of a field, or of an object for all fields beneath that are not named.
    std::optional<JsonValue> always;  // Stands here whatever is known, see Field::fixed.
  };
  // Holds for the field at `pointer` and all beneath it; the longest pointer decides.
  struct Missing {
    std::string pointer;
    MissingRule rule = MissingRule::kOmit;
    JsonValue literal;
  };
  std::string name, description;
  std::vector<Place> order;
  std::vector<Missing> missing;     // Before the fields' own rules.
  std::vector<ObjectRule> objects;  // Before the catalogue's own.
};

// Where the parts of a licence key go, and what a recognised key says of features it does not name.
struct LicenseRules {
  std::string pointer;  // Of the object with customer, type, ...; "" when none is reported.
  std::vector<std::pair<std::string, std::string>> default_features;
};

// A value that comes from the configuration: "customerId" or "installationId".
struct SettingRule {
  std::string pointer, setting;
};

struct Catalogue {
  std::string name, version, title, description;
  std::string profile;  // The one it was selected by, or "".
  std::vector<Purpose> purposes;
  std::vector<Field> fields;  // In the order of the report.
  std::vector<ObjectRule> objects;
  std::vector<Profile> profiles;
  ComponentRules components;
  LicenseRules license;
  std::vector<SettingRule> settings;
};

// Reads and checks a catalogue (core/catalogues/README.md); every problem of the document at once.
// Errors: those of ReadJson, kUnknownKey, kWrongType, kMissing, kOutOfRange, kConflict, kNotFound,
// kOverLimit.
Result<Catalogue> ParseCatalogue(std::string_view json);
// In two steps, for who keeps the document, too. Errors of the first: those of ReadJson.
inline constexpr std::size_t kMaxCatalogueBytes = std::size_t{4} << 20;
Result<JsonValue> ReadCatalogueJson(std::string_view json);
Result<Catalogue> ParseCatalogue(const JsonValue& document);

// The catalogue as one of its profiles prints it. Errors: kNotFound, with the nearest name.
Result<Catalogue> SelectProfile(const Catalogue& catalogue, std::string_view profile);

// SHA-256 of the document as JSON.stringify(document, null, 2) and a line feed print it: white
// space does not matter, words do. REQUIRES: `json` is a document that ParseCatalogue accepts.
std::string CatalogueDigest(std::string_view json);

// The catalogues built in.
struct BuiltInCatalogue {
  std::string_view name;
  std::string_view json;
};
std::span<const BuiltInCatalogue> BuiltInCatalogues();
// nullptr when there is none of that name.
const BuiltInCatalogue* FindBuiltInCatalogue(std::string_view name);

std::string_view Name(FieldType type);
std::string_view Name(FieldGroup group);
std::string_view Name(DatePrecision precision);
std::string_view Name(PointKind kind);

}  // namespace candor
