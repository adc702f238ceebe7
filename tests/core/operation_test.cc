#include "core/operation.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/json_reader.h"

namespace candor {
namespace {

struct Ran {
  ExitStatus status;
  std::string out, errors;
};

Ran Operate(std::string_view operation, const std::vector<Input>& inputs) {
  StringSink sink;
  Outcome outcome = Perform(operation, inputs, sink);
  return {outcome.status, sink.text(), outcome.errors};
}

TEST(PerformTest, RefusesAnUnknownOperation) {
  const Ran ran = Operate("nope", {});
  EXPECT_EQ(ran.status, kExitFailed);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.errors, "");
}

TEST(DigestOperationTest, PrintsTheDigestAndTheName) {
  EXPECT_EQ(Operate("digest", {{"file:a.json", "abc"}}).out,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.json\n");
  EXPECT_EQ(Operate("digest", {{"file:a.json", "abc"}, {"option:json", ""}}).out,
            "{\n  \"sha256\": "
            "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\n"
            "  \"bytes\": 3\n}\n");
}

TEST(CheckJsonOperationTest, TellsGoodFromBad) {
  EXPECT_EQ(Operate("check-json", {{"file:a", "[1]"}}).status, kExitGood);
  const Ran bad = Operate("check-json", {{"file:a", "[1,]"}});
  EXPECT_EQ(bad.status, kExitRefused);
  EXPECT_EQ(bad.out, "");
  EXPECT_TRUE(bad.errors.starts_with("a:1:4: ")) << bad.errors;
}

TEST(CheckJsonOperationTest, OnlyWarnsOfDuplicateKeysUnlessStrict) {
  const Ran lenient = Operate("check-json", {{"file:a", R"({"a":1,"a":2})"}});
  EXPECT_EQ(lenient.status, kExitGood);
  EXPECT_NE(lenient.errors, "");
  const Ran strict = Operate("check-json", {{"file:a", R"({"a":1,"a":2})"}, {"option:strict", ""}});
  EXPECT_EQ(strict.status, kExitRefused);
}

TEST(CheckJsonOperationTest, GivesMachinesCodesAndPlaces) {
  const Ran bad = Operate("check-json", {{"file:a", "\n[nope]"}, {"option:json", ""}});
  const auto document = ReadJson(bad.errors);
  ASSERT_TRUE(document.ok());
  const JsonValue& problem = document.value().Find("problems")->items()[0];
  EXPECT_EQ(problem.Find("name")->text(), "malformed-json");
  EXPECT_EQ(problem.Find("source")->text(), "a");
  EXPECT_EQ(problem.Find("line")->text(), "2");
  EXPECT_EQ(problem.Find("column")->text(), "2");
}

TEST(LicenseOperationTest, ShowsWhatWouldBeReportedAndNeverTheSignature) {
  const Ran ran = Operate("license", {{"file:k", "c2lnbmF0dXJl;my company;unlimited"}});
  EXPECT_EQ(ran.status, kExitGood);
  EXPECT_EQ(ran.out.find("c2lnbmF0dXJl"), std::string::npos);
  EXPECT_NE(ran.out.find("\"customer\": \"my company\""), std::string::npos);
}

TEST(LicenseOperationTest, RefusesAnUnrecognisedKeyWithoutQuotingIt) {
  const Ran ran = Operate("license", {{"file:k", "c2VjcmV0LWtleQ=="}});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_EQ(ran.errors.find("c2VjcmV0"), std::string::npos);
}

constexpr std::string_view kOnline = R"({"mode": "online", "catalogue": "engine"})";

TEST(ValidateOperationTest, SaysWhatWasConfigured) {
  EXPECT_EQ(Operate("validate", {{"config:a", kOnline}}).out,
            "good: mode online, catalogue engine\n");
}

TEST(ValidateOperationTest, ReportsTheProblemsOfEverySource) {
  const Ran ran = Operate(
      "validate", {{"config:a", R"({"mdoe": 1})"}, {"config:b", R"({"mode": "on", "x": 2})"}});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_NE(ran.errors.find("a:1:2: /mdoe"), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("b:1:10: /mode"), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("b:1:16: /x"), std::string::npos) << ran.errors;
}

TEST(ConfigOperationTest, ReadsItsOwnOutputBack) {
  const std::string once = Operate("config", {{"config:a", kOnline}}).out;
  const Ran again = Operate("config", {{"config:b", once}});
  EXPECT_EQ(again.out, once) << again.errors;
}

TEST(ExplainOperationTest, SaysWhyAndWhenNext) {
  const Ran ran = Operate("explain", {{"config:a", kOnline}, {"state:s", "{}"}, {"now", "1000"}});
  EXPECT_EQ(ran.status, kExitGood) << ran.errors;
  EXPECT_TRUE(ran.out.starts_with("ask\n")) << ran.out;
}

TEST(ExplainOperationTest, RefusesATimeThatIsNone) {
  const Ran ran =
      Operate("explain", {{"config:a", kOnline}, {"state:s", "[]"}, {"now", "tomorrow"}});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_NE(ran.errors.find("now"), std::string::npos);
  EXPECT_NE(ran.errors.find("s:1:1"), std::string::npos) << ran.errors;
}

TEST(ReportOperationTest, NeedsFacts) {
  EXPECT_EQ(Operate("report", {{"config:a", kOnline}}).status, kExitFailed);
}

TEST(ReportOperationTest, NamesTheBuiltInCataloguesWhenOneIsNotFound) {
  const Ran ran =
      Operate("report", {{"config:a", kOnline}, {"facts:f", "{}"}, {"catalogue-name", "engin"}});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_NE(ran.errors.find("engine"), std::string::npos);
}

TEST(ProblemsTest, DisarmsControlCharactersOfNames) {
  const Ran ran = Operate("check-json", {{"file:\x1b[31m", "["}});
  EXPECT_EQ(ran.errors.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace candor
