#include "core/json_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "core/text.h"
#include "tests/core/corpora.h"

namespace candor {
namespace {

TEST(ReadJsonTest, KeepsNumberTextAndKeyOrder) {
  const auto value = ReadJson(R"({"b":5.36870912E8,"a":[-0,1.0,10000000000000000999]})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value.value().members()[0].key, "b");
  EXPECT_EQ(value.value().Find("b")->text(), "5.36870912E8");
  const auto& items = value.value().Find("a")->items();
  EXPECT_EQ(items[0].text(), "-0");
  EXPECT_EQ(items[1].text(), "1.0");
  EXPECT_EQ(items[2].text(), "10000000000000000999");
}

TEST(ReadJsonTest, KeepsPlaces) {
  const auto value = ReadJson("{\n  \"a\": 1,\n  \"b\": [true,\n\"x\"]\n}");
  ASSERT_TRUE(value.ok());
  const auto& members = value.value().members();
  EXPECT_EQ(members[0].key_at.line, 2u);
  EXPECT_EQ(members[0].key_at.column, 3u);
  EXPECT_EQ(members[0].value.at().line, 2u);
  EXPECT_EQ(members[0].value.at().column, 8u);
  EXPECT_EQ(members[1].value.at().column, 8u);
  EXPECT_EQ(members[1].value.items()[1].at().line, 4u);
  EXPECT_EQ(members[1].value.items()[1].at().column, 1u);
}

TEST(ReadJsonTest, ReportsEveryDuplicateKeyWithItsPlace) {
  const auto value = ReadJson("{\"a\":{\"x\":1,\"x\":2},\n\"b\":[{\"/\":1,\"/\":2}],\"a\":3}");
  ASSERT_FALSE(value.ok());
  const auto& list = value.problems().list();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].where, "/a/x");
  EXPECT_EQ(list[1].where, "/b/0/~1");
  EXPECT_EQ(list[1].at.line, 2u);
  EXPECT_EQ(list[2].where, "/a");
  for (const Error& error : list) EXPECT_EQ(error.code, ErrorCode::kDuplicateKey);
}

TEST(ReadJsonTest, AcceptsDuplicateKeysWhenAsked) {
  EXPECT_TRUE(ReadJson(R"({"a":1,"a":2})", {.duplicate_keys = DuplicateKeys::kAccept}).ok());
}

struct BadCase {
  std::string text;
  ErrorCode code;
  std::string where;
  std::uint32_t line, column;
};

TEST(ReadJsonTest, NamesThePlaceOfEachKindOfMistake) {
  const BadCase cases[] = {
      {"", ErrorCode::kMalformedJson, "", 1, 1},
      {"\xEF\xBB\xBF{}", ErrorCode::kMalformedJson, "", 1, 1},
      {std::string("[1]\n\0", 5), ErrorCode::kMalformedJson, "", 2, 1},
      {"{\"a\": \"\xC3\x28\"}", ErrorCode::kNotUtf8, "/a", 1, 9},
      {"[1, 1e400]", ErrorCode::kOutOfRange, "/1", 1, 5},
      {"[\"\\ud800\"]", ErrorCode::kNotUtf8, "/0", 1, 2},
      {"{\"a\":\n  nope}", ErrorCode::kMalformedJson, "/a", 2, 3},
      {"[1,]", ErrorCode::kMalformedJson, "/1", 1, 4},
      {"[1] 2", ErrorCode::kMalformedJson, "", 1, 5},
      {"[NaN]", ErrorCode::kMalformedJson, "/0", 1, 2},
      {"// c\n1", ErrorCode::kMalformedJson, "", 1, 1},
  };
  for (const BadCase& bad : cases) {
    const auto value = ReadJson(bad.text);
    ASSERT_FALSE(value.ok()) << bad.text;
    EXPECT_EQ(value.error().code, bad.code) << bad.text << ": " << value.error().message;
    EXPECT_EQ(value.error().where, bad.where) << bad.text;
    EXPECT_EQ(value.error().at.line, bad.line) << bad.text;
    EXPECT_EQ(value.error().at.column, bad.column) << bad.text;
  }
}

TEST(ReadJsonTest, RefusesDeepNesting) {
  EXPECT_TRUE(ReadJson(std::string(100, '[') + std::string(100, ']')).ok());
  for (const std::size_t depth : {std::size_t{101}, std::size_t{10'000}, std::size_t{1'000'000}}) {
    const auto value = ReadJson(std::string(depth, '['));
    ASSERT_FALSE(value.ok());
    EXPECT_EQ(value.error().code, ErrorCode::kOverLimit);
    EXPECT_EQ(value.error().at.column, 101u);
  }
}

TEST(ReadJsonTest, RefusesMoreThanTheLimitOfBytes) {
  const std::string text = '"' + std::string(std::size_t{64} << 20, 'a') + '"';
  const auto value = ReadJson(text);
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, ErrorCode::kOverLimit);
  EXPECT_TRUE(ReadJson("[1]", {.max_bytes = 3}).ok());
  EXPECT_FALSE(ReadJson("[1 ]", {.max_bytes = 3}).ok());
}

TEST(AsIntegerTest, ReadsIntegersExactlyHoweverTheyAreSpelled) {
  const auto read = [](std::string_view text) {
    std::int64_t out = -7;
    return JsonValue::Number(std::string(text)).AsInteger(&out) ? Decimal(out) : "no";
  };
  EXPECT_EQ(read("9007199254740991"), "9007199254740991");
  EXPECT_EQ(read("-9007199254740991"), "-9007199254740991");
  EXPECT_EQ(read("9007199254740992"), "no");
  EXPECT_EQ(read("-0"), "0");
  EXPECT_EQ(read("1.5e1"), "15");
  EXPECT_EQ(read("1.0E+3"), "1000");
  EXPECT_EQ(read("1500e-2"), "15");
  EXPECT_EQ(read("1.5"), "no");
  EXPECT_EQ(read("0e999999999"), "no");
  EXPECT_EQ(read("1e999999999999999999999"), "no");
}

TEST(ReadJsonTest, AgreesWithJsonTestSuite) {
  const std::string folder = CorporaFolder("JSONTestSuite/test_parsing");
  if (folder.empty()) GTEST_SKIP() << kNoCorpora;
  int accepted = 0, refused = 0;
  for (const std::string& path : FilesIn(folder)) {
    const std::string name = path.substr(path.rfind('/') + 1);
    // The suite follows RFC 8259, where names SHOULD be unique.
    const bool ok = ReadJson(ReadFile(path), {.duplicate_keys = DuplicateKeys::kAccept}).ok();
    if (name.starts_with("y_")) {
      EXPECT_TRUE(ok) << name;
      ++accepted;
    } else if (name.starts_with("n_")) {
      EXPECT_FALSE(ok) << name;
      ++refused;
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_GT(refused, 0);
}

TEST(PointerStepTest, EscapesTildeAndSlash) { EXPECT_EQ(PointerStep("a/b~c"), "/a~1b~0c"); }

}  // namespace
}  // namespace candor
