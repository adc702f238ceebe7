#include "core/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/erasure.h"
#include "core/json_reader.h"
#include "core/json_writer.h"

namespace candor {
namespace {

Catalogue BuiltIn(std::string_view name) {
  const BuiltInCatalogue* found = FindBuiltInCatalogue(name);
  EXPECT_NE(found, nullptr) << name;
  Result<Catalogue> catalogue = ParseCatalogue(found->json);
  EXPECT_TRUE(catalogue.ok()) << catalogue.error().where << ": " << catalogue.error().message;
  return std::move(catalogue).value();
}

Catalogue EngineAs(std::string_view profile) {
  Result<Catalogue> selected = SelectProfile(BuiltIn("engine"), profile);
  EXPECT_TRUE(selected.ok()) << profile;
  return std::move(selected).value();
}

// The keys of `product.internals` in the order in which a report has them.
std::vector<std::string> InternalKeys(const Catalogue& catalogue) {
  constexpr std::string_view kInternals = "/product/internals/";
  std::vector<std::string> keys;
  for (const Field& field : catalogue.fields) {
    if (field.pointer.substr(0, kInternals.size()) != kInternals) continue;
    const std::string rest = field.pointer.substr(kInternals.size());
    const std::string key = rest.substr(0, rest.find('/'));
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

std::vector<std::string> MetricNames(const Catalogue& catalogue) {
  constexpr std::string_view kMetrics = "/product/internals/metrics/";
  std::vector<std::string> names;
  for (const Field& field : catalogue.fields) {
    if (field.pointer.substr(0, kMetrics.size()) != kMetrics) continue;
    const std::string rest = field.pointer.substr(kMetrics.size());
    names.push_back(rest.substr(0, rest.find('/')));
  }
  return names;
}

const Field* FindField(const Catalogue& catalogue, std::string_view pointer) {
  for (const Field& field : catalogue.fields) {
    if (field.pointer == pointer) return &field;
  }
  return nullptr;
}

const ObjectRule* FindObject(const Catalogue& catalogue, std::string_view pointer) {
  for (const ObjectRule& rule : catalogue.objects) {
    if (rule.pointer == pointer) return &rule;
  }
  return nullptr;
}

using Names = std::vector<std::string>;

TEST(BuiltInCataloguesTest, AreThreeAndParse) {
  Names names;
  for (const BuiltInCatalogue& catalogue : BuiltInCatalogues()) {
    names.emplace_back(catalogue.name);
    EXPECT_EQ(BuiltIn(catalogue.name).name, catalogue.name);
  }
  EXPECT_EQ(names, (Names{"console", "engine", "optimize"}));
  EXPECT_EQ(FindBuiltInCatalogue("Engine"), nullptr);
}

TEST(BuiltInCataloguesTest, DescribeEveryFieldAndPoint) {
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    for (const Field& field : BuiltIn(built_in.name).fields) {
      EXPECT_GT(field.description.size(), 10u) << field.pointer;
      EXPECT_GT(field.why.size(), 10u) << field.pointer;
      for (const PointRule& point : field.points) {
        EXPECT_GT(point.description.size(), 10u) << point.key;
        EXPECT_GT(point.why.size(), 10u) << point.key;
        EXPECT_TRUE(std::is_sorted(point.labels.begin(), point.labels.end())) << point.key;
      }
    }
  }
}

TEST(BuiltInCataloguesTest, GuardTheLicence) {
  for (const std::string_view name : {"engine", "optimize"}) {
    for (const Field& field : BuiltIn(name).fields) {
      if (field.pointer.find("/license-key/") == std::string::npos) continue;
      EXPECT_EQ(field.sensitivity, "business") << field.pointer;
      EXPECT_TRUE(field.may_withhold) << field.pointer;
    }
  }
}

TEST(EngineCatalogueTest, RequiresWhatIdentifiesTheReport) {
  Names required;
  for (const Field& field : BuiltIn("engine").fields) {
    if (field.required) required.push_back(field.pointer);
  }
  EXPECT_EQ(required,
            (Names{"/installation", "/product/name", "/product/version", "/product/edition"}));
}

TEST(EngineCatalogueTest, HasEveryFieldInTheDocumentedOrder) {
  const Catalogue engine = BuiltIn("engine");
  EXPECT_EQ(InternalKeys(engine), (Names{"database", "application-server", "jdk", "commands",
                                         "metrics", "camunda-integration", "license-key", "webapps",
                                         "data-collection-start-date", "telemetry-enabled"}));
  EXPECT_EQ(MetricNames(engine), (Names{"root-process-instance-start", "activity-instance-start",
                                        "executed-decision-instances", "executed-decision-elements",
                                        "unique-task-workers", "process-instances",
                                        "flow-node-instances", "decision-instances"}));
  for (const Field& field : engine.fields) EXPECT_EQ(field.missing, MissingRule::kOmit);
}

TEST(EngineCatalogueTest, TakesOnlyClassNamesAsCommands) {
  const Catalogue engine = BuiltIn("engine");
  const Field* commands = FindField(engine, "/product/internals/commands/*/count");
  ASSERT_NE(commands, nullptr);
  EXPECT_TRUE(commands->key_pattern.Matches("StartProcessInstanceCmd"));
  EXPECT_TRUE(commands->key_pattern.Matches("Outer_Inner"));
  EXPECT_FALSE(commands->key_pattern.Matches("42"));
  EXPECT_FALSE(commands->key_pattern.Matches(""));
  EXPECT_FALSE(commands->key_pattern.Matches("select * from users"));
}

struct VersionKeys {
  std::string profile;
  Names internals;
  Names metrics;
};

class EngineProfileTest : public testing::TestWithParam<VersionKeys> {};

TEST_P(EngineProfileTest, PrintsTheKeysOfItsVersion) {
  const Catalogue engine = EngineAs(GetParam().profile);
  EXPECT_EQ(engine.profile, GetParam().profile);
  EXPECT_EQ(InternalKeys(engine), GetParam().internals);
  EXPECT_EQ(MetricNames(engine), GetParam().metrics);
}

const Names kLegacyMetrics = {"root-process-instance-start", "activity-instance-start",
                              "executed-decision-instances", "executed-decision-elements"};

Names LegacyMetricsAnd(Names more) {
  Names names = kLegacyMetrics;
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(
    Versions, EngineProfileTest,
    testing::Values(
        VersionKeys{"7.14",
                    {"database", "application-server", "license-key", "commands",
                     "camunda-integration", "metrics", "jdk", "telemetry-enabled"},
                    LegacyMetricsAnd({"unique-task-workers"})},
        VersionKeys{"7.15",
                    {"database", "application-server", "license-key", "commands",
                     "camunda-integration", "metrics", "webapps", "jdk", "telemetry-enabled"},
                    kLegacyMetrics},
        VersionKeys{
            "7.17",
            {"database", "application-server", "license-key", "commands", "camunda-integration",
             "metrics", "webapps", "jdk", "telemetry-enabled"},
            LegacyMetricsAnd({"process-instances", "flow-node-instances", "decision-instances"})},
        VersionKeys{
            "7.19",
            {"database", "application-server", "license-key", "camunda-integration",
             "data-collection-start-date", "commands", "metrics", "webapps", "jdk",
             "telemetry-enabled"},
            LegacyMetricsAnd({"process-instances", "flow-node-instances", "decision-instances"})},
        VersionKeys{"initial", {"telemetry-enabled"}, {}},
        VersionKeys{"7.14-initial",
                    {"database", "application-server", "license-key", "commands",
                     "camunda-integration", "metrics", "jdk", "telemetry-enabled"},
                    {}},
        VersionKeys{"7.15-initial",
                    {"database", "application-server", "license-key", "commands",
                     "camunda-integration", "metrics", "webapps", "jdk", "telemetry-enabled"},
                    {}}));

TEST(EngineProfileTest, WritesNullForWhatIsUnknown) {
  const Catalogue engine = EngineAs("7.17");
  EXPECT_EQ(FindField(engine, "/product/internals/license-key/customer")->missing,
            MissingRule::kNull);
  EXPECT_EQ(FindField(engine, "/product/internals/telemetry-enabled")->missing, MissingRule::kNull);
  EXPECT_EQ(FindField(engine, "/installation")->missing, MissingRule::kOmit);
  for (const std::string_view object : {"database", "application-server", "license-key", "jdk"}) {
    const ObjectRule* rule = FindObject(engine, "/product/internals/" + std::string(object));
    ASSERT_NE(rule, nullptr) << object;
    EXPECT_EQ(rule->empty, ObjectRule::Empty::kNull) << object;
  }
}

TEST(EngineProfileTest, WritesEmptyContainersForWhatWasNotCounted) {
  const Catalogue engine = EngineAs("7.15");
  for (const std::string_view object : {"commands", "metrics"}) {
    const ObjectRule* rule = FindObject(engine, "/product/internals/" + std::string(object));
    ASSERT_NE(rule, nullptr) << object;
    EXPECT_EQ(rule->empty, ObjectRule::Empty::kObject) << object;
  }
  for (const std::string_view list : {"camunda-integration", "webapps"}) {
    const Field* field = FindField(engine, "/product/internals/" + std::string(list));
    ASSERT_NE(field, nullptr) << list;
    EXPECT_EQ(WriteJson(field->literal), "[]\n") << list;
  }
  // A metric that was not counted does not stand there, as opposed to one that is 0.
  EXPECT_EQ(FindField(engine, "/product/internals/commands/*/count")->missing, MissingRule::kOmit);
  EXPECT_EQ(
      FindField(engine, "/product/internals/metrics/executed-decision-elements/count")->missing,
      MissingRule::kOmit);
}

TEST(EngineProfileTest, InitialReportHoldsFixedEmptyPlaces) {
  const Catalogue engine = EngineAs("7.14-initial");
  std::vector<std::pair<std::string, std::string>> fixed;
  for (const Field& field : engine.fields) {
    if (field.fixed) fixed.emplace_back(field.pointer.substr(19), WriteJson(field.literal));
  }
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"database", "null\n"}, {"application-server", "null\n"}, {"license-key", "null\n"},
      {"commands", "{}\n"},   {"camunda-integration", "[]\n"},  {"metrics", "null\n"},
      {"jdk", "null\n"}};
  EXPECT_EQ(fixed, expected);
}

TEST(OptimizeCatalogueTest, HasTheOrderOfTheWire) {
  Names pointers;
  for (const Field& field : BuiltIn("optimize").fields) pointers.push_back(field.pointer);
  EXPECT_EQ(
      pointers,
      (Names{"/installation", "/erasure", "/product/name", "/product/version", "/product/edition",
             "/product/internals/database/vendor", "/product/internals/database/version",
             "/product/internals/engine-installation-ids",
             "/product/internals/license-key/customer", "/product/internals/license-key/type",
             "/product/internals/license-key/unlimited",
             "/product/internals/license-key/features/optimize",
             "/product/internals/license-key/features/camundaBPM",
             "/product/internals/license-key/features/cawemo", "/product/internals/license-key/raw",
             "/product/internals/license-key/valid-until"}));
}

TEST(OptimizeCatalogueTest, AlwaysSaysSomething) {
  for (const Field& field : BuiltIn("optimize").fields) {
    if (field.pointer == kErasurePlace) continue;  // No version of Optimize had it.
    EXPECT_EQ(field.missing, MissingRule::kLiteral) << field.pointer;
    const std::string expected = field.type == FieldType::kBoolean      ? "false\n"
                                 : field.type == FieldType::kStringList ? "[]\n"
                                                                        : "\"Unknown\"\n";
    EXPECT_EQ(WriteJson(field.literal), expected) << field.pointer;
  }
}

// How many families the published sample has of a component.
std::size_t ScrapedFamilies(const Catalogue& console, const std::string& component) {
  std::size_t families = 0;
  for (const PointRule& point : console.fields.back().points) {
    families += point.kind == PointKind::kScraped &&
                std::find(point.components.begin(), point.components.end(), component) !=
                    point.components.end();
  }
  return families;
}

TEST(ConsoleCatalogueTest, SelectsTheFamiliesOfThePublishedSample) {
  const Catalogue console = BuiltIn("console");
  EXPECT_EQ(ScrapedFamilies(console, "operate"), 21u);
  EXPECT_EQ(ScrapedFamilies(console, "tasklist"), 20u);
  EXPECT_EQ(ScrapedFamilies(console, "optimize"), 17u);
}

TEST(ConsoleCatalogueTest, CountsBeforeItScrapes) {
  const Catalogue console = BuiltIn("console");
  const std::vector<PointRule>& points = console.fields.back().points;
  EXPECT_EQ(points[0].kind, PointKind::kComponentCount);
  EXPECT_EQ(points[1].kind, PointKind::kClusterCount);
  EXPECT_EQ(points[2].key, "process-instances");
  EXPECT_EQ(points[3].key, "decision-instances");
  EXPECT_EQ(points[4].key, "task-users");
  EXPECT_EQ(points[4].components, Names{"tasklist"});
  EXPECT_EQ(console.components.uncounted, Names{"keycloak"});
}

TEST(SelectProfileTest, NamesTheNearestOfAnUnknownOne) {
  const Result<Catalogue> selected = SelectProfile(BuiltIn("engine"), "7.18");
  ASSERT_FALSE(selected.ok());
  EXPECT_EQ(selected.error().code, ErrorCode::kNotFound);
}

TEST(CatalogueDigestTest, IgnoresWhiteSpace) {
  for (const BuiltInCatalogue& catalogue : BuiltInCatalogues()) {
    const Result<JsonValue> document = ReadJson(catalogue.json);
    ASSERT_TRUE(document.ok());
    const std::string digest = CatalogueDigest(catalogue.json);
    EXPECT_EQ(digest.size(), 64u);
    EXPECT_EQ(CatalogueDigest(WriteJson(document.value())), digest);
  }
  EXPECT_EQ(CatalogueDigest(" {\"a\" :1e1}"), CatalogueDigest("{\n\"a\":10}"));
}

TEST(CatalogueDigestTest, ChangesWithWords) {
  EXPECT_NE(CatalogueDigest(R"({"a":"b"})"), CatalogueDigest(R"({"a":"B"})"));
}

}  // namespace
}  // namespace candor
