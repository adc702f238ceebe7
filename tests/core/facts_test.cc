#include "core/facts.h"

#include <gtest/gtest.h>

#include <string>

namespace candor {
namespace {

TEST(ParseFactsTest, ReadsEveryPart) {
  const auto facts = ParseFacts(R"({
    "values": {"product": {"name": "x"}},
    "licenseKey": "sig;a;unlimited",
    "collectedAt": 1712228731639,
    "usage": [{"release": "r", "component": "operate", "key": "process-instances",
               "value": 3, "tsFrom": 1, "tsTo": 2}],
    "scrapes": [{"component": "operate", "exposition": "a 1\n"}]
  })");
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts.value().values->Find("product")->Find("name")->text(), "x");
  EXPECT_EQ(facts.value().license_key, "sig;a;unlimited");
  EXPECT_EQ(facts.value().collected_at, 1712228731639);
  EXPECT_EQ(facts.value().usage[0].value, 3);
  EXPECT_EQ(facts.value().scrapes[0].exposition, "a 1\n");
}

TEST(ParseFactsTest, KnowsNothingFromAnEmptyObject) {
  const auto facts = ParseFacts("{}");
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts.value().values, nullptr);
  EXPECT_FALSE(facts.value().collected_at.has_value());
}

TEST(ParseFactsTest, ReportsEveryMistakeWithItsPlace) {
  const auto facts = ParseFacts(R"({
    "value": {},
    "collectedAt": -1,
    "licenseKey": 7,
    "usage": [{"component": "operate", "value": -2, "tsFrom": 5, "tsTo": 4}],
    "scrapes": ["a"]
  })");
  ASSERT_FALSE(facts.ok());
  const auto has = [&](ErrorCode code, const std::string& where) {
    for (const Error& error : facts.problems().list()) {
      if (error.code == code && error.where == where) return true;
    }
    return false;
  };
  EXPECT_TRUE(has(ErrorCode::kUnknownKey, "/value"));
  EXPECT_TRUE(has(ErrorCode::kOutOfRange, "/collectedAt"));
  EXPECT_TRUE(has(ErrorCode::kWrongType, "/licenseKey"));
  EXPECT_TRUE(has(ErrorCode::kMissing, "/usage/0/key"));
  EXPECT_TRUE(has(ErrorCode::kOutOfRange, "/usage/0/value"));
  EXPECT_TRUE(has(ErrorCode::kConflict, "/usage/0/tsTo"));
  EXPECT_TRUE(has(ErrorCode::kWrongType, "/scrapes/0"));
}

TEST(ParseFactsTest, RefusesWhatIsNoObject) {
  for (const char* text : {"", "[]", "null", "1", "\xEF\xBB\xBF{}"}) {
    EXPECT_FALSE(ParseFacts(text).ok()) << text;
  }
}

TEST(ParseFactsTest, RefusesTimesAndCountsBeyondTheirRange) {
  EXPECT_FALSE(ParseFacts(R"({"collectedAt": 253402300800000})").ok());
  EXPECT_FALSE(ParseFacts(R"({"collectedAt": 1.5})").ok());
  EXPECT_FALSE(ParseFacts(R"({"usage": [{"component": "a", "key": "b", "value": 9007199254740992,
                              "tsFrom": 1, "tsTo": 2}]})")
                   .ok());
}

TEST(ParseFactsTest, SuggestsTheKeyThatWasMeant) {
  const auto facts = ParseFacts(R"({"licenceKey": "x"})");
  ASSERT_FALSE(facts.ok());
  EXPECT_NE(facts.error().message.find("licenseKey"), std::string::npos);
}

}  // namespace
}  // namespace candor
