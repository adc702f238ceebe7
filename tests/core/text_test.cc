#include "core/text.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace candor {
namespace {

TEST(FindInvalidUtf8Test, AcceptsEveryScalarValueAndNothingElse) {
  EXPECT_EQ(FindInvalidUtf8("plain ascii, long enough for eight at once"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"
                            "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"),
            std::string_view::npos);
  const std::string bad[] = {"\x80",
                             "\xC0\x80",
                             "\xC1\xBF",
                             "\xC3",
                             "\xE0\x9F\xBF",
                             "\xED\xA0\x80",
                             "\xE2\x82",
                             "\xF0\x8F\xBF\xBF",
                             "\xF5\x80",
                             "\xF4\x90\x80\x80",
                             "\xFF",
                             "\xC3\x28",
                             "\xFE",
                             "\xE2\x28\xA1",
                             "\xF0\x28\x8C\xBC"};
  for (const std::string& bytes : bad) {
    EXPECT_EQ(FindInvalidUtf8(bytes), 0u);
    EXPECT_EQ(FindInvalidUtf8("12345678ab" + bytes), 10u);
  }
}

TEST(NearestTest, FindsWhatATypistMeant) {
  constexpr std::array<std::string_view, 3> kKnown = {"telemetry", "customerId", "mode"};
  EXPECT_EQ(Nearest("telemtry", kKnown), "telemetry");
  EXPECT_EQ(Nearest("customerID", kKnown), "customerId");
  EXPECT_EQ(Nearest("mdoe", kKnown), "mode");
  EXPECT_EQ(Nearest("endpoint", kKnown), "");
  EXPECT_EQ(Nearest("", kKnown), "");
}

TEST(QuotableTest, CutsOnCharacterBoundariesAndDisarmsControls) {
  EXPECT_EQ(Quotable("a\n\x1b[31m\xC2\x9B\x80z"), "a??[31m??z");
  EXPECT_EQ(Quotable("\xE2\x82\xAC\xE2\x82\xAC", 4), "\xE2\x82\xAC...");
}

TEST(ParseDecimalTest, StaysWithinSafeIntegers) {
  std::int64_t out = 0;
  EXPECT_TRUE(ParseDecimal("-9007199254740991", &out));
  EXPECT_EQ(out, -kMaxSafeInteger);
  EXPECT_FALSE(ParseDecimal("9007199254740992", &out));
  EXPECT_FALSE(ParseDecimal("99999999999999999999999", &out));
  EXPECT_FALSE(ParseDecimal("", &out));
  EXPECT_FALSE(ParseDecimal("-", &out));
  EXPECT_FALSE(ParseDecimal("1 ", &out));
}

TEST(DecimalTest, PrintsTheExtremes) {
  EXPECT_EQ(Decimal(INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(Decimal(INT64_MAX), "9223372036854775807");
  EXPECT_EQ(Decimal(0), "0");
}

}  // namespace
}  // namespace candor
