#include "core/received_report.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/received_spelling.h"
#include "tests/core/corpora.h"

namespace candor {
namespace {

Catalogue BuiltIn(std::string_view name) {
  return ParseCatalogue(FindBuiltInCatalogue(name)->json).value();
}

JsonValue Json(std::string_view text) {
  Result<JsonValue> read = ReadJson(text);
  EXPECT_TRUE(read.ok()) << text;
  return read.ok() ? std::move(read).value() : JsonValue();
}

// "/a: code 4" for each, in order.
std::string Places(const Problems& problems) {
  std::string text;
  for (const Error& error : problems.list()) {
    text += error.where + " " + std::to_string(static_cast<int>(error.code)) + "\n";
  }
  return text;
}

// "/a" for each, and "*" behind what stands among open keys.
std::string Places(const std::vector<UnknownMember>& members) {
  std::string text;
  for (const UnknownMember& member : members) {
    text += member.pointer + (member.open_key ? " *\n" : "\n");
  }
  return text;
}

const char kHead[] = R"("installation": "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3")";
std::string Engine(const std::string& internals) {
  return std::string("{") + kHead +
         R"(, "product": {"name": "n", "version": "7.20.0", "edition": "community", "internals": )" +
         internals + "}}";
}

TEST(ReceivedReportTest, ReadsWhateverTheGoldenCasesBuilt) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden")) {
    const std::string path = entry.path().string() + "/report.json";
    if (!std::filesystem::exists(path)) continue;
    const std::string name = entry.path().filename().string();
    const Catalogue catalogue = BuiltIn(name.substr(0, name.find('-')));
    const JsonValue document = Json(ReadFile(path));
    const ReceivedReport report = ReceivedReportReader(catalogue).Read(document);
    ASSERT_EQ(Places(report.problems), "") << name;
    EXPECT_EQ(Places(report.unknown), "") << name;
    ++read;
  }
  EXPECT_GE(read, 20);
}

TEST(ReceivedReportTest, KeepsEachKnownValueWithItsFieldAndPlace) {
  const Catalogue catalogue = BuiltIn("engine");
  const JsonValue document = Json(Engine(
      R"({"commands": {"ZCmd": {"count": 40}, "ACmd": {"count": 2}}, "webapps": ["cockpit"]})"));
  const ReceivedReport report = ReceivedReportReader(catalogue).Read(document);
  ASSERT_EQ(Places(report.problems), "");
  std::string seen;
  for (const ReceivedValue& value : report.values) {
    seen += value.field->pointer + " " + std::string(value.pointer) + "\n";
  }
  EXPECT_EQ(seen,
            "/installation /installation\n"
            "/product/name /product/name\n"
            "/product/version /product/version\n"
            "/product/edition /product/edition\n"
            "/product/internals/commands/*/count /product/internals/commands/ZCmd/count\n"
            "/product/internals/commands/*/count /product/internals/commands/ACmd/count\n"
            "/product/internals/webapps /product/internals/webapps\n");
}

TEST(ReceivedReportTest, TakesNullAndAbsentForNotKnown) {
  const Catalogue catalogue = BuiltIn("engine");
  for (const char* internals :
       {"null", "{}", R"({"database": null, "commands": {"ACmd": null}, "webapps": null})",
        R"({"commands": {"ACmd": {"count": null}}, "license-key": {"customer": null}})"}) {
    const JsonValue document = Json(Engine(internals));
    const ReceivedReport report = ReceivedReportReader(catalogue).Read(document);
    ASSERT_EQ(Places(report.problems), "") << internals;
    EXPECT_EQ(report.values.size(), 4U) << internals;
  }
}

TEST(ReceivedReportTest, TakesTheWordForUnknownAsNotKnown) {
  const Catalogue catalogue = BuiltIn("optimize");
  const JsonValue document = Json(R"({"installation": "a", "product": {"internals": {
      "license-key": {"valid-until": "Unknown", "customer": "Unknown"}}}})");
  const ReceivedReport report = ReceivedReportReader(catalogue).Read(document);
  ASSERT_EQ(Places(report.problems), "");
  EXPECT_EQ(report.values.size(), 1U);
}

TEST(ReceivedReportTest, TellsEveryMistakeAtOnce) {
  const Catalogue catalogue = BuiltIn("engine");
  const JsonValue document = Json(R"({"installation": "not a uuid", "product": {"name": 5,
      "version": "", "internals": {"commands": {"ACmd": {"count": -1}}, "jdk": "17",
      "webapps": [1]}}})");
  const ReceivedReport report = ReceivedReportReader(catalogue).Read(document);
  EXPECT_EQ(Places(report.problems),
            "/installation 5\n"
            "/product/name 4\n"
            "/product/version 5\n"
            "/product/edition 7\n"
            "/product/internals/jdk 4\n"
            "/product/internals/commands/ACmd/count 5\n"
            "/product/internals/webapps/0 4\n");
}

TEST(ReceivedReportTest, SetsApartWhatTheCatalogueDoesNotName) {
  const Catalogue catalogue = BuiltIn("engine");
  const JsonValue document = Json(Engine(
      R"({"hostname": "db1", "commands": {"1 bad": {"count": 1}, "*": {"count": 1}, "ACmd": {"count": 1, "max": 2}},
          "license-key": {"features": {"9": "x", "ok": "y"}}})"));
  const ReceivedReport report = ReceivedReportReader(catalogue).Read(document);
  ASSERT_EQ(Places(report.problems), "");
  EXPECT_EQ(Places(report.unknown),
            "/product/internals/hostname\n"
            "/product/internals/commands/1 bad *\n"
            "/product/internals/commands/* *\n"
            "/product/internals/commands/ACmd/max\n"
            "/product/internals/license-key/features/9 *\n");
  EXPECT_EQ(report.unknown[0].value->text(), "db1");
}

TEST(ReceivedReportTest, TakesTheSpellingsOfTheOriginalProducts) {
  const Catalogue engine = BuiltIn("engine"), optimize = BuiltIn("optimize");
  const JsonValue wire = Json(Engine(R"({"data-collection-start-date": "Nov 16, 2022, 10:41:58 AM",
                 "telemetry-enabled": "true"})"));
  EXPECT_EQ(Places(ReceivedReportReader(engine).Read(wire).problems), "");
  const JsonValue seed = Json(R"({"installation": "a", "product": {"internals": {
      "license-key": {"unlimited": "false", "valid-until": "Nov 16, 2022, 10:41:58 AM"}}}})");
  EXPECT_EQ(Places(ReceivedReportReader(optimize).Read(seed).problems),
            "/product/internals/license-key/valid-until 5\n");
}

TEST(IsGsonTimeTest, KnowsTheFormsOfEveryJava) {
  for (const char* text :
       {"Nov 16, 2022, 10:41:58 AM", "Nov 6, 2022 1:41:58 PM", "Jan 31, 2026, 12:00:00\u202FAM"}) {
    EXPECT_TRUE(IsGsonTime(text)) << text;
  }
  for (const char* text :
       {"", "Nov", "Nov 16, 2022", "Nov 32, 2022, 10:41:58 AM", "nov 16, 2022, 10:41:58 AM",
        "Nov 16, 2022, 13:41:58 AM", "Nov 16, 2022, 10:60:58 AM", "Nov 16, 2022, 10:41:58",
        "Nov 16, 2022, 10:41:58 AM ", "Nov 16, 22, 10:41:58 AM", "Nov 16, 2022, 0:41:58 AM"}) {
    EXPECT_FALSE(IsGsonTime(text)) << text;
  }
}

TEST(ReceivedReportTest, CountsWhatTheCatalogueNamesWhateverIsWrongWithIt) {
  const JsonValue document = Json(R"({"installation": 1, "product": {"name": 2, "edition": "",
      "internals": {"jdk": {"vendor": 4}, "hostname": "db1"}}})");
  const auto named = [&document](std::string_view name) {
    const Catalogue catalogue = BuiltIn(name);
    return ReceivedReportReader(catalogue).Read(document).named;
  };
  EXPECT_EQ(named("engine"), 7U);
  EXPECT_EQ(named("optimize"), 5U);
  EXPECT_EQ(named("console"), 1U);
}

TEST(ReceivedReportTest, RefusesWhatIsNoObject) {
  const Catalogue catalogue = BuiltIn("console");
  for (const char* text : {"[]", "null", "1", R"({"installation": []})"}) {
    const JsonValue document = Json(text);
    EXPECT_NE(Places(ReceivedReportReader(catalogue).Read(document).problems), "") << text;
  }
}

// One point of the golden report with a member put in another's place.
std::string PointProblems(const std::string& from, const std::string& to) {
  std::string text = ReadFile("tests/golden/console-seed-000/report.json");
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const Catalogue catalogue = BuiltIn("console");
  const JsonValue document = Json(text);
  const ReceivedReport report = ReceivedReportReader(catalogue).Read(document);
  return Places(report.problems);
}

TEST(ReceivedPointsTest, HoldsEachPointAgainstTheCataloguesRules) {
  EXPECT_EQ(PointProblems(R"("value": 1)", R"("value": 1)"), "");
  EXPECT_EQ(PointProblems(R"("value": 1)", R"("value": 2)"), "/dataPoints/0/value 11\n");
  EXPECT_EQ(PointProblems(R"("value": 1)", R"("value": "1")"), "/dataPoints/0/value 4\n");
  EXPECT_EQ(PointProblems(R"("type": 1)", R"("type": 0)"),
            "/dataPoints/0/type 5\n/dataPoints/0/value 4\n");
  EXPECT_EQ(PointProblems(R"("key": "component-count")", R"("key": "host-name")"),
            "/dataPoints/0/key 5\n");
  EXPECT_EQ(PointProblems(R"("key": "component-count")", R"("key": "component-count", "ip": "1")"),
            "/dataPoints/0/ip 6\n");
  EXPECT_EQ(PointProblems(R"("type": "component")", R"("type": "person")"),
            "/dataPoints/0/entities/1/type 5\n");
  EXPECT_EQ(PointProblems(R"("tsFrom")", R"("tsWhen")"),
            "/dataPoints/0/tsFrom 7\n/dataPoints/0/tsWhen 6\n");
}

}  // namespace
}  // namespace candor
