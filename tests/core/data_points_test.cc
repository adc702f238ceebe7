#include "core/data_points.h"

#include <gtest/gtest.h>

#include <string>

#include "core/json_reader.h"
#include "core/report.h"

namespace candor {
namespace {

constexpr char kCatalogue[] = R"({
  "catalogue": 1, "name": "points", "version": "1", "title": "Points", "description": "A test.",
  "purposes": {"test": "To test."},
  "fields": [{
    "pointer": "/points", "type": "data-points", "group": "usage", "title": "Points",
    "description": "d", "why": "w", "since": "1", "purposes": ["test"], "example": [],
    "withhold": true,
    "points": [
      {"key": "users", "kind": "usage", "components": ["web"], "title": "t", "description": "d",
       "why": "w", "since": "1", "unit": "1"},
      {"key": "seconds", "components": ["web", "admin"], "labels": ["path"], "countAndSum": true,
       "title": "t", "description": "d", "why": "w", "since": "1", "unit": "s"},
      {"key": "size", "components": ["*"], "labels": ["b", "a"], "title": "t", "description": "d",
       "why": "w", "since": "1", "unit": "1"}
    ]
  }],
  "components": {"management": ["admin"], "uncounted": ["db"], "renamed": {"www": "web"}}
})";

constexpr char kConfig[] = R"({"managed": {"method": "plain", "releases": [
  {"name": "r", "namespace": "n", "components": [{"name": "W", "id": "www"},
   {"name": "A", "id": "admin"}, {"name": "D", "id": "db"}]}]}})";

struct Built {
  Problems problems;
  std::string bytes;
};

Built Build(const std::string& facts_json) {
  const ConfigSource source{"config", ReadJson(kConfig).value()};
  const auto config = ReadConfig({&source, 1});
  const auto catalogue = ParseCatalogue(kCatalogue);
  const auto facts = ParseFacts(facts_json);
  if (!config.ok()) return {config.problems(), "config"};
  if (!catalogue.ok()) return {catalogue.problems(), "catalogue"};
  if (!facts.ok()) return {facts.problems(), "facts"};
  StringSink sink;
  Problems problems = BuildReport({config.value(), catalogue.value(), facts.value()}, sink);
  return {problems, sink.text()};
}

std::string Scraped(const std::string& component, const std::string& exposition) {
  return R"({"collectedAt": 5, "scrapes": [{"component": ")" + component + R"(", "exposition": )" +
         WriteJson(JsonValue::String(exposition)) + "}]}";
}

// "key tags value" of every point, one a line.
std::string Summary(const std::string& report) {
  std::string lines;
  const auto document = ReadJson(report);
  if (!document.ok()) return "no report";
  for (const JsonValue& point : document.value().Find("points")->items()) {
    lines += point.Find("key")->text();
    if (const JsonValue* tags = point.Find("tags")) {
      for (const JsonMember& tag : tags->members()) lines += " " + tag.key + "=" + tag.value.text();
    }
    lines += " " + point.Find("value")->text() + "\n";
  }
  return lines;
}

TEST(DataPointsTest, FindsAComponentByItsConfiguredAndItsReportedId) {
  for (const char* id : {"www", "web"}) {
    const Built built = Build(Scraped(id, "size 1\n"));
    EXPECT_TRUE(built.problems.empty());
    EXPECT_EQ(Summary(built.bytes), "size 1\n");
    EXPECT_NE(built.bytes.find("\"id\": \"web\""), std::string::npos);
  }
}

TEST(DataPointsTest, NamesNoClusterForManagementComponents) {
  const Built built = Build(Scraped("admin", "size 1\n"));
  EXPECT_EQ(built.bytes.find("cluster"), std::string::npos);
  EXPECT_NE(built.bytes.find("\"type\": \"global\""), std::string::npos);
}

TEST(DataPointsTest, RefusesComponentsThatAreNotReported) {
  const Built built = Build(Scraped("db", "size 1\n"));
  ASSERT_FALSE(built.problems.empty());
  EXPECT_EQ(built.problems.list()[0].code, ErrorCode::kNotFound);
}

TEST(DataPointsTest, SendsCountAndSumWhenTheCatalogueAsks) {
  EXPECT_EQ(Summary(Build(Scraped("www",
                                  "# TYPE seconds summary\n"
                                  "seconds_count{path=\"/\",host=\"h\"} 2\n"
                                  "seconds_sum{path=\"/\",host=\"h\"} 0.5\n"))
                        .bytes),
            "seconds_count path=/ 2\nseconds_sum path=/ 0.5\n");
}

TEST(DataPointsTest, SortsTagsAndDropsLabelsThatAreNotAllowed) {
  EXPECT_EQ(Summary(Build(Scraped("www", "size{z=\"1\",b=\"2\",a=\"\\\"x\\n\"} 1.50\n")).bytes),
            "size a=\"x\n b=2 1.50\n");
}

TEST(DataPointsTest, TakesUsageOnlyFromComponentsThatMayReportIt) {
  const auto usage = [](const std::string& component) {
    return R"({"usage": [{"component": ")" + component +
           R"(", "key": "users", "value": 3, "tsFrom": 1, "tsTo": 2},
             {"component": "www", "key": "passwords", "value": 9, "tsFrom": 1, "tsTo": 2}]})";
  };
  EXPECT_EQ(Summary(Build(usage("www")).bytes), "users 3\n");
  EXPECT_EQ(Summary(Build(usage("admin")).bytes), "");
}

TEST(DataPointsTest, NeedsATimeForScrapedPoints) {
  const Built built = Build(R"({"scrapes": [{"component": "www", "exposition": "size 1\n"}]})");
  ASSERT_EQ(built.problems.list().size(), 1u);
  EXPECT_EQ(built.problems.list()[0].where, "/collectedAt");
  EXPECT_EQ(built.bytes, "");
}

TEST(DataPointsTest, ReportsTheLinesOfEveryBrokenScrape) {
  const Built built = Build(R"({"collectedAt": 1, "scrapes": [
    {"component": "www", "exposition": "size 1\nsize{a=\"} 1\n"},
    {"component": "admin", "exposition": "\nsize\n"}]})");
  ASSERT_EQ(built.problems.list().size(), 2u);
  EXPECT_EQ(built.problems.list()[0].source, "/scrapes/0");
  EXPECT_EQ(built.problems.list()[0].at.line, 2u);
  EXPECT_EQ(built.problems.list()[1].source, "/scrapes/1");
  EXPECT_EQ(built.problems.list()[1].at.line, 2u);
  EXPECT_EQ(built.bytes, "");
}

}  // namespace
}  // namespace candor
