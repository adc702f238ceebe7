#include "core/field_value.h"

#include <gtest/gtest.h>

#include <string>

#include "core/key_pattern.h"

namespace candor {
namespace {

ErrorCode Refusal(const Field& field, const JsonValue& value, std::string* where = nullptr) {
  Problems problems;
  if (CheckFieldValue(field, value, "/x", problems)) {
    EXPECT_TRUE(problems.empty());
    return ErrorCode{};
  }
  if (where != nullptr) *where = problems.list().front().where;
  return problems.list().front().code;
}

constexpr ErrorCode kFits{};

Field Of(FieldType type) {
  Field field;
  field.type = type;
  field.max_bytes = 4;
  EXPECT_TRUE(ParseKeyPattern("[a-z][a-z]{0,2}", &field.key_pattern));
  return field;
}

TEST(CheckFieldValueTest, NullFitsNoType) {
  for (int type = 0; type <= static_cast<int>(FieldType::kDataPoints); ++type) {
    EXPECT_EQ(Refusal(Of(static_cast<FieldType>(type)), JsonValue()), ErrorCode::kWrongType);
  }
}

TEST(CheckFieldValueTest, MeasuresTextInBytes) {
  const Field field = Of(FieldType::kString);
  EXPECT_EQ(Refusal(field, JsonValue::String("abcd")), kFits);
  EXPECT_EQ(Refusal(field, JsonValue::String("\u00fc\u00fc")), kFits);
  EXPECT_EQ(Refusal(field, JsonValue::String("\u00fc\u00fc\u00fc")), ErrorCode::kOverLimit);
  EXPECT_EQ(Refusal(field, JsonValue::String("")), kFits);
  EXPECT_EQ(Refusal(field, JsonValue::String(std::string("a\0b", 3))), ErrorCode::kNotUtf8);
}

TEST(CheckFieldValueTest, RefusesEmptyTextWhereAValueIsRequired) {
  Field field = Of(FieldType::kString);
  field.required = true;
  EXPECT_EQ(Refusal(field, JsonValue::String("")), ErrorCode::kOutOfRange);
}

TEST(CheckFieldValueTest, HoldsNumbersToTheSafeRange) {
  const Field integer = Of(FieldType::kInteger);
  EXPECT_EQ(Refusal(integer, JsonValue::Number("-9007199254740991")), kFits);
  EXPECT_EQ(Refusal(integer, JsonValue::Number("9007199254740992")), ErrorCode::kOutOfRange);
  EXPECT_EQ(Refusal(integer, JsonValue::Number("0.5")), ErrorCode::kOutOfRange);
  EXPECT_EQ(Refusal(Of(FieldType::kCount), JsonValue::Number("0")), kFits);
  EXPECT_EQ(Refusal(Of(FieldType::kCount), JsonValue::Number("-1")), ErrorCode::kOutOfRange);
}

TEST(CheckFieldValueTest, NamesThePlaceWithinListsAndMaps) {
  std::string where;
  const JsonValue list =
      JsonValue::Array({JsonValue::String("a"), JsonValue::String("abcde"), JsonValue()});
  EXPECT_EQ(Refusal(Of(FieldType::kStringList), list, &where), ErrorCode::kOverLimit);
  EXPECT_EQ(where, "/x/1");
  const JsonValue map = JsonValue::Object({{"a", JsonValue::String("")},
                                           {"B/C", JsonValue::String("b")},
                                           {"c", JsonValue::Boolean(true)}});
  // "B/C" does not match the pattern: the catalogue does not name it.
  EXPECT_EQ(Refusal(Of(FieldType::kStringMap), map, &where), ErrorCode::kWrongType);
  EXPECT_EQ(where, "/x/c");
}

TEST(CheckFieldValueTest, ReportsAllOfAList) {
  Problems problems;
  const JsonValue list = JsonValue::Array({JsonValue(), JsonValue::String("abcde"), JsonValue()});
  EXPECT_FALSE(CheckFieldValue(Of(FieldType::kStringList), list, "/x", problems));
  EXPECT_EQ(problems.list().size(), 3u);
}

TEST(IsUuid4Test, KnowsVersionAndVariant) {
  EXPECT_TRUE(IsUuid4("8343cc7a-8ad1-42d4-97d2-43452c0bdfa3"));
  EXPECT_TRUE(IsUuid4("8343CC7A-8AD1-42D4-A7D2-43452C0BDFA3"));
  EXPECT_FALSE(IsUuid4("f5b19e2e-b49a-11ea-8d1f-0242ac120002"));  // Version 1.
  EXPECT_FALSE(IsUuid4("8343cc7a-8ad1-42d4-c7d2-43452c0bdfa3"));  // Another variant.
  EXPECT_FALSE(IsUuid4("8343cc7a8ad142d497d243452c0bdfa3"));
  EXPECT_FALSE(IsUuid4("8343cc7a-8ad1-42d4-97d2-43452c0bdfaz"));
  EXPECT_FALSE(IsUuid4(" 8343cc7a-8ad1-42d4-97d2-43452c0bdfa3"));
  EXPECT_FALSE(IsUuid4(""));
}

TEST(IsDateTest, KnowsDaysThatExist) {
  EXPECT_TRUE(IsDate("2026-11-21", DatePrecision::kDay));
  EXPECT_TRUE(IsDate("2024-02-29", DatePrecision::kDay));
  EXPECT_TRUE(IsDate("2000-02-29", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("1900-02-29", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("2026-02-29", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("2026-04-31", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("2026-00-10", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("2026-13-10", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("2026-10-00", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("2026-1-01", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("", DatePrecision::kDay));
}

TEST(IsDateTest, KnowsEachPrecision) {
  EXPECT_TRUE(IsDate("2026-11-21T09:30:00Z", DatePrecision::kSecond));
  EXPECT_TRUE(IsDate("2026-11-21T23:59:59-0930", DatePrecision::kSecond));
  EXPECT_TRUE(IsDate("2026-11-21T09:30:00.125+01:00", DatePrecision::kMillisecond));
  EXPECT_FALSE(IsDate("2026-11-21", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:30:00.125Z", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:30:00Z", DatePrecision::kMillisecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:30:00Z", DatePrecision::kDay));
  EXPECT_FALSE(IsDate("2026-11-21T24:00:00Z", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:60:00Z", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:30:60Z", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:30:00", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:30:00+24:00", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("2026-11-21T09:30:00+01", DatePrecision::kSecond));
  EXPECT_FALSE(IsDate("Nov 16, 2022, 10:41:58 AM", DatePrecision::kSecond));
}

TEST(IsDecimalTextTest, KnowsReadings) {
  for (const std::string_view text :
       {"0", "-1.0", "5.36870912E8", "2.0E-5", "+1", ".5", "5.", "1e400", "NaN", "+Inf", "-Inf"}) {
    EXPECT_TRUE(IsDecimalText(text)) << text;
  }
  for (const std::string_view text : {"", ".", "-", "1e", "1e+", "e5", "1,5", " 1", "0x1", "nan",
                                      "+NaN", "Infinity", "1.2.3", "undefined"}) {
    EXPECT_FALSE(IsDecimalText(text)) << text;
  }
}

TEST(ParseKeyPatternTest, ReadsTwoClassesAndALength) {
  KeyPattern pattern;
  ASSERT_TRUE(ParseKeyPattern("[A-Za-z_][A-Za-z0-9_$.-]{0,3}", &pattern));
  for (const std::string_view key : {"a", "_", "Z9$.", "a-", "ab.c"}) {
    EXPECT_TRUE(pattern.Matches(key)) << key;
  }
  for (const std::string_view key : {"", "9", "-a", "abcde", "a b", "a\xc3\xbc", "["}) {
    EXPECT_FALSE(pattern.Matches(key)) << key;
  }
}

TEST(ParseKeyPatternTest, RefusesEverythingElse) {
  KeyPattern pattern;
  for (const std::string_view text : {"",
                                      "a",
                                      "[a]",
                                      "[a][a]",
                                      "[a][a]*",
                                      "[a][a]{0,}",
                                      "[a][a]{1,2}",
                                      "[a][a]{0,01}",
                                      "[a][a]{0,-1}",
                                      "[a][a]{0,1024}",
                                      "[a][a]{0,3",
                                      "[a][a]{0,3}x",
                                      "[][a]{0,3}",
                                      "[a][]{0,3}",
                                      "[^a][a]{0,3}",
                                      "[a][\\d]{0,3}",
                                      "[z-a][a]{0,3}",
                                      "[a-Z][a]{0,3}",
                                      "[0-9][a]{0,3}",
                                      "[a5][a]{0,3}",
                                      "[a-][a b]{0,3}",
                                      "[a][a;]{0,3}",
                                      "[-a][a]{0,3}",
                                      "[a][a]{0,99999999999}"}) {
    EXPECT_FALSE(ParseKeyPattern(text, &pattern)) << text;
  }
}

TEST(IncludesTest, ComparesClassesAndLengths) {
  const auto includes = [](std::string_view wide, std::string_view narrow) {
    KeyPattern a, b;
    EXPECT_TRUE(ParseKeyPattern(wide, &a)) << wide;
    EXPECT_TRUE(ParseKeyPattern(narrow, &b)) << narrow;
    return Includes(a, b);
  };
  EXPECT_TRUE(includes("[a-z][a-z]{0,9}", "[a-z][a-z]{0,9}"));
  EXPECT_TRUE(includes("[a-z][a-z]{0,9}", "[abc][m-z]{0,8}"));
  EXPECT_TRUE(includes("[a-cd-z][a]{0,0}", "[a-z][0-9]{0,0}"));
  EXPECT_FALSE(includes("[a-z][a-z]{0,9}", "[a-z][a-z]{0,10}"));
  EXPECT_FALSE(includes("[a-z][a-z]{0,9}", "[A-Z][a-z]{0,9}"));
  EXPECT_FALSE(includes("[a-z][a-z]{0,9}", "[a-z][a-z-]{0,9}"));
}

}  // namespace
}  // namespace candor
