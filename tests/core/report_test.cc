#include "core/report.h"

#include <gtest/gtest.h>

#include <string>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/report_tree.h"
#include "core/scope.h"
#include "tests/core/corpora.h"

namespace candor {
namespace {

// A small product of its own, to show rules that the built-in catalogues do not use.
constexpr char kCatalogue[] = R"({
  "catalogue": 1, "name": "small", "version": "1", "title": "Small", "description": "A test.",
  "purposes": {"test": "To test."},
  "fields": [
    {"pointer": "/id", "type": "uuid", "group": "general", "title": "Id", "description": "d",
     "why": "w", "example": "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3", "since": "1",
     "purposes": ["test"], "sensitivity": "identifier", "required": true},
    {"pointer": "/text", "type": "string", "group": "general", "title": "Text", "description": "d",
     "why": "w", "example": "x", "since": "1", "purposes": ["test"], "maxBytes": 8192,
     "withhold": true},
    {"pointer": "/list", "type": "string-list", "group": "general", "title": "List",
     "description": "d", "why": "w", "example": ["x"], "since": "1", "purposes": ["test"],
     "maxBytes": 8192, "withhold": true},
    {"pointer": "/reading", "type": "decimal-text", "group": "usage", "title": "Reading",
     "description": "d", "why": "w", "example": "1.5", "since": "1", "purposes": ["test"],
     "withhold": true},
    {"pointer": "/number", "type": "integer", "group": "usage", "title": "Number",
     "description": "d", "why": "w", "example": -1, "since": "1", "purposes": ["test"],
     "withhold": true},
    {"pointer": "/counts/*/n", "type": "count", "group": "usage", "title": "Counts",
     "description": "d", "why": "w", "example": 1, "since": "1", "purposes": ["test"],
     "keyPattern": "[A-Za-z_][A-Za-z0-9_]{0,30}", "withhold": true}
  ]
})";

constexpr char kId[] = R"("id": "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3")";

struct Built {
  Problems problems;
  std::string bytes;
};

Built Build(const Catalogue& catalogue, const std::string& facts_json) {
  const Config config;
  const auto facts = ParseFacts(facts_json);
  if (!facts.ok()) return {facts.problems(), ""};
  StringSink sink;
  Problems problems = BuildReport({config, catalogue, facts.value()}, sink);
  return {problems, sink.text()};
}

// The report of {"id": ..., <members>}.
Built BuildSmall(const std::string& members) {
  const auto catalogue = ParseCatalogue(kCatalogue);
  if (!catalogue.ok()) return {catalogue.problems(), ""};
  return Build(catalogue.value(), std::string("{\"values\": {") + kId +
                                      (members.empty() ? "" : ", ") + members + "}}");
}

TEST(BuildReportTest, WritesFieldsInTheOrderOfTheCatalogue) {
  EXPECT_EQ(BuildSmall(R"("number": 1.0e1, "text": "b", "reading": "5.36870912E8")").bytes,
            "{\n  \"id\": \"8343cc7a-8ad1-42d4-97d2-43452c0bdfa3\",\n  \"text\": \"b\",\n"
            "  \"reading\": \"5.36870912E8\",\n  \"number\": 10\n}\n");
}

TEST(BuildReportTest, SortsOpenKeys) {
  const Built built =
      BuildSmall(R"("counts": {"b": {"n": 1}, "_": {"n": 2}, "Z": {"n": 3}, "a": {}})");
  EXPECT_NE(built.bytes.find("\"Z\": {\n      \"n\": 3\n    },\n    \"_\": {\n      \"n\": 2\n"
                             "    },\n    \"b\""),
            std::string::npos)
      << built.bytes;
  EXPECT_EQ(built.bytes.find("\"a\""), std::string::npos);
}

struct Refused {
  const char* members;
  ErrorCode code;
  const char* where;
};

TEST(BuildReportTest, RefusesWithThePlace) {
  const Refused cases[] = {
      {R"("text": "a\u0000b")", ErrorCode::kNotUtf8, "/values/text"},
      {R"("list": ["a", "\u0000"])", ErrorCode::kNotUtf8, "/values/list/1"},
      {R"("number": 9007199254740992)", ErrorCode::kOutOfRange, "/values/number"},
      {R"("number": 0.5)", ErrorCode::kOutOfRange, "/values/number"},
      {R"("number": "NaN")", ErrorCode::kWrongType, "/values/number"},
      {R"("reading": "undefined")", ErrorCode::kOutOfRange, "/values/reading"},
      {R"("counts": {"a": {"n": -1}})", ErrorCode::kOutOfRange, "/values/counts/a/n"},
      {R"("counts": {"a": 1})", ErrorCode::kWrongType, "/values/counts/a"},
      {R"("counts": [])", ErrorCode::kWrongType, "/values/counts"},
  };
  for (const Refused& refused : cases) {
    const Built built = BuildSmall(refused.members);
    EXPECT_EQ(built.bytes, "") << refused.members;
    ASSERT_EQ(built.problems.list().size(), 1u) << refused.members;
    EXPECT_EQ(built.problems.list()[0].code, refused.code) << refused.members;
    EXPECT_EQ(built.problems.list()[0].where, refused.where);
    EXPECT_GT(built.problems.list()[0].at.line, 0u);
  }
}

TEST(BuildReportTest, RefusesReadingsThatAreNoDecimals) {
  for (const char* good : {"0", "-1.5", "1E400", "NaN", "+Inf", "-Inf", "1e-7", "1.22912768E8"}) {
    EXPECT_TRUE(BuildSmall("\"reading\": \"" + std::string(good) + "\"").problems.empty()) << good;
  }
  for (const char* bad : {"", "1 ", "0x1", "1e", ".", "nan", "1,5", "--1"}) {
    EXPECT_FALSE(BuildSmall("\"reading\": \"" + std::string(bad) + "\"").problems.empty()) << bad;
  }
}

TEST(BuildReportTest, HasNoReportWithoutARequiredField) {
  const auto catalogue = ParseCatalogue(kCatalogue);
  for (const char* facts : {"{}", R"({"values": {"id": null}})", R"({"values": {"text": "a"}})"}) {
    const Built built = Build(catalogue.value(), facts);
    ASSERT_FALSE(built.problems.empty());
    EXPECT_EQ(built.problems.list()[0].code, ErrorCode::kMissing);
    EXPECT_EQ(built.problems.list()[0].where, "/values/id");
    EXPECT_EQ(built.bytes, "");
  }
}

TEST(BuildReportTest, LeavesOutWhatTheCatalogueDoesNotName) {
  const Built built = BuildSmall(R"("secret": "s3cr3t", "counts": {"0": {"n": 1}, "a b": {"n": 2},
                                    "ok": {"n": 3, "secret": "s3cr3t"}})");
  EXPECT_TRUE(built.problems.empty());
  EXPECT_EQ(built.bytes.find("s3cr3t"), std::string::npos);
  EXPECT_EQ(built.bytes.find("a b"), std::string::npos);
  EXPECT_NE(built.bytes.find("\"ok\""), std::string::npos);
}

TEST(BuildReportTest, LeavesOutWhatIsWithheldEvenWhenItIsWrong) {
  const auto catalogue = ParseCatalogue(kCatalogue);
  const auto narrowed = Withhold(catalogue.value(), {"/text", "/counts"});
  ASSERT_TRUE(narrowed.ok());
  const Built built =
      Build(narrowed.value(), std::string("{\"values\": {") + kId +
                                  R"(, "text": 7, "counts": {"a": {"n": 1}}, "number": 1}})");
  EXPECT_TRUE(built.problems.empty());
  EXPECT_EQ(built.bytes,
            "{\n  \"id\": \"8343cc7a-8ad1-42d4-97d2-43452c0bdfa3\",\n  \"number\": 1\n}\n");
}

TEST(BuildReportTest, IsAFunctionOfItsInputs) {
  const std::string members = R"("text": "a", "counts": {"b": {"n": 1}, "a": {"n": 2}})";
  EXPECT_EQ(BuildSmall(members).bytes, BuildSmall(members).bytes);
}

TEST(BuildReportTest, CarriesEveryNaughtyString) {
  const std::string folder = CorporaFolder("blns");
  if (folder.empty()) GTEST_SKIP() << kNoCorpora;
  const auto naughty = ReadJson(ReadFile(folder + "/blns.json"));
  ASSERT_TRUE(naughty.ok());
  EXPECT_EQ(naughty.value().items().size(), 515u);
  for (const JsonValue& text : naughty.value().items()) {
    std::string quoted = WriteJson(text);
    quoted.pop_back();
    const Built built = BuildSmall("\"text\": " + quoted + ", \"list\": [" + quoted + "]");
    EXPECT_TRUE(built.problems.empty()) << quoted;
    EXPECT_EQ(built.bytes, "{\n  \"id\": \"8343cc7a-8ad1-42d4-97d2-43452c0bdfa3\",\n  \"text\": " +
                               quoted + ",\n  \"list\": [\n    " + quoted + "\n  ]\n}\n");
  }
}

TEST(PointerStepsTest, Unescapes) {
  EXPECT_EQ(PointerSteps("/a~1b/~0/*"), (std::vector<std::string>{"a/b", "~", "*"}));
  EXPECT_TRUE(PointerSteps("").empty());
}

}  // namespace
}  // namespace candor
