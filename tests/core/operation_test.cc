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

TEST(ProblemsTest, DisarmsControlCharactersOfNames) {
  const Ran ran = Operate("check-json", {{"file:\x1b[31m", "["}});
  EXPECT_EQ(ran.errors.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace candor
