#include "core/config_forms.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kOrigins = "origins";
constexpr std::size_t kMaxOriginBytes = 8192;

// Sections of the products' own files that say nothing about telemetry. Top level: Spring Boot's,
// the Console's and Optimize's (service-config.yaml of 3.2 to 3.13).
constexpr std::string_view kForeignSections[] = {"alerting",
                                                 "api",
                                                 "availableLocales",
                                                 "caches",
                                                 "container",
                                                 "csvExport",
                                                 "data",
                                                 "database",
                                                 "digest",
                                                 "elasticsearch",
                                                 "email",
                                                 "engine-commons",
                                                 "engines",
                                                 "entity",
                                                 "es",
                                                 "eventBasedProcess",
                                                 "export",
                                                 "externalVariable",
                                                 "fallbackLocale",
                                                 "globalCacheTtl",
                                                 "historyCleanup",
                                                 "identity",
                                                 "identitySync",
                                                 "import",
                                                 "info",
                                                 "jobExecutor",
                                                 "keycloak",
                                                 "license",
                                                 "locales",
                                                 "logging",
                                                 "m2mAuth0Client",
                                                 "management",
                                                 "multitenancy",
                                                 "onboarding",
                                                 "opensearch",
                                                 "panelNotification",
                                                 "plugin",
                                                 "security",
                                                 "serialization",
                                                 "server",
                                                 "sharing",
                                                 "spring",
                                                 "springdoc",
                                                 "tasklist",
                                                 "ui",
                                                 "users",
                                                 "variableImport",
                                                 "zeebe"};
// Under `camunda`.
constexpr std::string_view kCamundaSections[] = {
    "client",   "data", "database", "identity", "license",  "modeler", "operate",
    "optimize", "rest", "security", "system",   "tasklist", "zeebe"};
// Under `camunda.console`.
constexpr std::string_view kConsoleSections[] = {
    "auth",     "cache",   "cloud", "contextPath",    "contextpath", "disableAuth",
    "features", "ha",      "host",  "identity",       "keycloak",    "license",
    "logging",  "metrics", "oAuth", "oauth",          "port",        "security",
    "server",   "ssl",     "zeebe", "overrideConfig", "url"};

bool Contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A document in any of the forms that files have.
class DocumentReader {
 public:
  DocumentReader(const ConfigSource& source, Problems* problems)
      : source_(source), problems_(problems) {}

  Statements Read() {
    const JsonValue& document = source_.document;
    if (document.is_null()) return {};  // A YAML file with nothing but comments.
    if (!document.is_object()) {
      WrongType(document, "", "a configuration must be an object");
      return {};
    }
    origins_ = document.Find(kOrigins);
    foreign_ = IsForeign(document);
    CheckOrigins();
    for (const JsonMember& member : document.members()) TopLevel(member);
    return std::move(found_);
  }

 private:
  // Whether the document may be a product's own file, with all its other sections.
  static bool IsForeign(const JsonValue& document) {
    const auto is_section = [&](std::string_view key) {
      const JsonValue* value = document.Find(key);
      return value != nullptr && !value->is_string();
    };
    const auto is_own = [](const JsonMember& member) {
      return member.key == kOrigins || FindSetting(member.key) != nullptr;
    };
    return is_section("telemetry") || is_section("camunda") ||
           std::none_of(document.members().begin(), document.members().end(), is_own);
  }

  void TopLevel(const JsonMember& member) {
    const std::string where = PointerStep(member.key);
    if (member.key == kOrigins) return;
    if (const SettingRow* row = FindSetting(member.key)) {
      AddOwn(*row, member, where);
      return;
    }
    const AliasedSetting engine = FindAlias(Product::kEngine, member.key);
    if (engine.row != nullptr) {
      Mark(Product::kEngine, member);
      AddAlias(engine, Product::kEngine, member, where);
    } else if (member.key == "telemetry") {
      Optimize(member, where);
    } else if (member.key == "camunda") {
      Camunda(member, where);
    } else if (member.key == "console") {
      problems_->Add({ErrorCode::kUnknownKey, where,
                      "'console' at the top belongs to a Helm chart's values, which are no "
                      "configuration; give the ConfigMap that the chart renders, or did you mean "
                      "'camunda.console'?",
                      member.key_at});
    } else if (!foreign_ || !Contains(kForeignSections, member.key)) {
      std::vector<std::string_view> known = {"telemetry", "camunda"};
      AppendKeys(Product::kCandor, &known);
      AppendKeys(Product::kEngine, &known);
      AddUnknownKey(member.key, where, member.key_at, known, problems_);
    }
  }

  void Optimize(const JsonMember& member, const std::string& where) {
    if (member.value.is_string()) {
      WrongType(member.value, where,
                "is Optimize's section and must be an object; the Console's value of this name "
                "stands at camunda.console.telemetry, and Candor's own is called mode");
      return;
    }
    Section(member, where, Product::kOptimize, {});
  }

  void Camunda(const JsonMember& member, const std::string& where) {
    if (member.value.is_null()) return;
    if (!member.value.is_object()) return WrongType(member.value, where, "must be an object");
    for (const JsonMember& inner : member.value.members()) {
      const std::string inner_where = where + PointerStep(inner.key);
      if (inner.key == "console") {
        Section(inner, inner_where, Product::kConsole, kConsoleSections);
      } else if (inner.key == "bpm") {
        SpringEngine(inner, inner_where);
      } else if (!Contains(kCamundaSections, inner.key)) {
        constexpr std::string_view kKnown[] = {"console", "bpm"};
        AddUnknownKey(inner.key, inner_where, inner.key_at, kKnown, problems_);
      }
    }
  }

  // A product's section: its names for our settings, and what else it may hold.
  void Section(const JsonMember& member, const std::string& where, Product product,
               std::span<const std::string_view> skipped) {
    Mark(product, member);
    if (member.value.is_null()) return;
    if (!member.value.is_object()) return WrongType(member.value, where, "must be an object");
    for (const JsonMember& inner : member.value.members()) {
      const std::string inner_where = where + PointerStep(inner.key);
      const AliasedSetting alias = FindAlias(product, inner.key);
      if (alias.row != nullptr) {
        AddAlias(alias, product, inner, inner_where);
      } else if (!Contains(skipped, inner.key)) {
        AddUnknownKey(inner.key, inner_where, inner.key_at, SettingKeys(product), problems_);
      }
    }
  }

  // camunda.bpm.generic-properties.properties: how Spring Boot sets the engine's properties. All
  // else under camunda.bpm belongs to the engine.
  void SpringEngine(const JsonMember& bpm, const std::string& where) {
    for (const JsonMember& generic : bpm.value.members()) {
      if (generic.key != "generic-properties" && generic.key != "genericProperties") continue;
      for (const JsonMember& properties : generic.value.members()) {
        if (properties.key != "properties") continue;
        const std::string inner_where =
            where + PointerStep(generic.key) + PointerStep(properties.key);
        for (const JsonMember& property : properties.value.members()) {
          EngineProperty(property, inner_where + PointerStep(property.key));
        }
      }
    }
  }

  void EngineProperty(const JsonMember& property, const std::string& where) {
    AliasedSetting found = FindAlias(Product::kEngine, property.key);
    if (property.key == "initializeTelemetry") found = {FindSetting(property.key), 1};
    if (found.row != nullptr) {
      Mark(Product::kEngine, property);
      AddAlias(found, Product::kEngine, property, where);
      return;
    }
    std::vector<std::string_view> known = {"initializeTelemetry"};
    AppendKeys(Product::kEngine, &known);
    if (!Nearest(property.key, known).empty()) {
      AddUnknownKey(property.key, where, property.key_at, known, problems_);
    }
  }

  void AddOwn(const SettingRow& row, const JsonMember& member, const std::string& where) {
    ConfigStatement said = Make(row, member, where);
    // A document that Candor printed holds values, and where each came from.
    said.placeholders = origins_ == nullptr;
    const JsonValue* origin = origins_ == nullptr ? nullptr : origins_->Find(where);
    if (origin != nullptr && origin->is_string()) said.origin = origin->text();
    found_.list.push_back(std::move(said));
  }

  void AddAlias(const AliasedSetting& alias, Product product, const JsonMember& member,
                const std::string& where) {
    if (member.value.is_null()) return;  // "key:" with nothing behind it says nothing.
    ConfigStatement said = Make(*alias.row, member, where);
    said.product = product;
    said.textual = true;
    said.placeholders = true;
    said.unit = alias.unit;
    found_.list.push_back(std::move(said));
  }

  ConfigStatement Make(const SettingRow& row, const JsonMember& member,
                       const std::string& where) const {
    ConfigStatement said;
    said.row = &row;
    said.value = &member.value;
    said.where = where;
    said.at = member.value.at();
    said.origin = PlaceName(source_.name, said.at);
    return said;
  }

  void CheckOrigins() {
    if (origins_ == nullptr) return;
    const std::string where = PointerStep(kOrigins);
    if (!origins_->is_object()) return WrongType(*origins_, where, "must be an object");
    std::vector<std::string> pointers;
    for (const SettingRow& row : SettingRows()) pointers.push_back(PointerStep(row.key));
    const std::vector<std::string_view> known(pointers.begin(), pointers.end());
    for (const JsonMember& member : origins_->members()) {
      const std::string inner_where = where + PointerStep(member.key);
      const JsonValue& value = member.value;
      if (!Contains(known, member.key)) {
        AddUnknownKey(member.key, inner_where, member.key_at, known, problems_);
      } else if (!value.is_string()) {
        WrongType(value, inner_where, "must be a string");
      } else if (value.text().size() > kMaxOriginBytes) {
        problems_->Add({ErrorCode::kOverLimit, inner_where,
                        "is longer than " + Decimal(kMaxOriginBytes) + " bytes", value.at()});
      } else if (value.text().find('\0') != std::string::npos ||
                 FindInvalidUtf8(value.text()) != std::string_view::npos) {
        problems_->Add({ErrorCode::kNotUtf8, inner_where, "must be UTF-8 without NUL", value.at()});
      }
    }
  }

  void Mark(Product product, const JsonMember& member) {
    const bool nested = product == Product::kConsole;
    found_.forms.push_back({product, nested ? "camunda.console" : member.key,
                            PlaceName(source_.name, member.key_at), member.key_at});
  }

  void WrongType(const JsonValue& value, const std::string& where, std::string_view message) {
    problems_->Add({ErrorCode::kWrongType, where,
                    std::string(message) + ", not " + std::string(KindName(value.kind())),
                    value.at()});
  }

  static void AppendKeys(Product product, std::vector<std::string_view>* known) {
    const std::span<const std::string_view> keys = SettingKeys(product);
    known->insert(known->end(), keys.begin(), keys.end());
  }

  const ConfigSource& source_;
  Problems* problems_;
  const JsonValue* origins_ = nullptr;
  bool foreign_ = false;
  Statements found_;
};

}  // namespace

void AddUnknownKey(std::string_view key, std::string where, Position at,
                   std::span<const std::string_view> known, Problems* problems) {
  std::string message = "'" + Quotable(key) + "' is not a known key";
  // Looking for the nearest takes time, and a message that is only counted needs none.
  if (problems->list().size() < Problems::kMaxProblems) {
    const std::string_view nearest = Nearest(key, known);
    if (!nearest.empty()) message += "; did you mean '" + std::string(nearest) + "'?";
  }
  problems->Add({ErrorCode::kUnknownKey, std::move(where), std::move(message), at});
}

std::string PlaceName(const std::string& source, Position at) {
  std::string place = Quotable(source, 1000);
  if (at.line != 0) place += ":" + Decimal(at.line) + ":" + Decimal(at.column);
  return place;
}

Statements ReadStatements(const ConfigSource& source, Problems* problems) {
  if (source.kind == ConfigSource::Kind::kEnvironment) return ReadEnvironment(source, problems);
  return DocumentReader(source, problems).Read();
}

}  // namespace candor
