#include "core/exposition_number.h"

#include <gtest/gtest.h>

#include <string>

namespace candor {
namespace {

TEST(IsSampleValueTest, AcceptsTheGrammarOfOpenMetrics) {
  for (const char* text :
       {"0", "-1", "+1.5", "1.", ".5", "00012", "1e400", "1E-7", "1.5e+3", "-.5e0", "inf", "+Inf",
        "-INF", "Infinity", "-infinity", "NaN", "nan", "5.36870912E8", "9223372036854775808"}) {
    EXPECT_TRUE(IsSampleValue(text)) << text;
  }
}

TEST(IsSampleValueTest, RefusesEverythingElse) {
  for (const char* text :
       {"",     ".",     "-",    "+",     "e5",   "1e",       "1e+",      "1e1.5", "0x1",
        "1_2",  "1,5",   "1 ",   " 1",    "0b1",  "--1",      "1-",       "+NaN",  "-nan",
        "nano", "infin", "1inf", "1.2.3", "1e5e", "\xd9\xa1", "{count:5}"}) {
    EXPECT_FALSE(IsSampleValue(text)) << text;
  }
}

TEST(IsSampleValueTest, SeesNulInsideAText) {
  EXPECT_FALSE(IsSampleValue(std::string_view("1\0", 2)));
}

TEST(IsRealNumberTest, KnowsNoInfinityAndNoNan) {
  EXPECT_TRUE(IsRealNumber("12345678901234567890.1234567890"));
  EXPECT_TRUE(IsRealNumber("000"));
  EXPECT_FALSE(IsRealNumber("Inf"));
  EXPECT_FALSE(IsRealNumber("NaN"));
}

TEST(IsInt64Test, HoldsTheBounds) {
  for (const char* text :
       {"0", "-0", "+5", "9223372036854775807", "-9223372036854775808", "0009223372036854775807"}) {
    EXPECT_TRUE(IsInt64(text)) << text;
  }
  for (const char* text : {"", "-", "1.0", "1e3", "9223372036854775808", "-9223372036854775809",
                           "99999999999999999999"}) {
    EXPECT_FALSE(IsInt64(text)) << text;
  }
}

struct Pair {
  const char* smaller;
  const char* larger;
};

TEST(DecimalTextTest, OrdersByExactValue) {
  for (const Pair& pair :
       {Pair{"0", "1e-400"}, Pair{"-1e-400", "0"}, Pair{"1e400", "1e401"}, Pair{"1e400", "+Inf"},
        Pair{"-Inf", "-1e400"}, Pair{"0.1", "0.10000000000000000001"}, Pair{"99", "100"},
        Pair{"9.99e1", "100"}, Pair{"-2", "-1"}, Pair{"-1", "1"}, Pair{"1.1", "1.11"},
        Pair{"0.09", "0.1"}, Pair{"9007199254740992", "9007199254740993"}, Pair{".5", "5."},
        Pair{"1e999999999999999999", "inf"}, Pair{"-11", "-1.1"}}) {
    const DecimalText smaller(pair.smaller);
    const DecimalText larger(pair.larger);
    EXPECT_LT(DecimalText::Compare(smaller, larger), 0) << pair.smaller << " " << pair.larger;
    EXPECT_GT(DecimalText::Compare(larger, smaller), 0) << pair.smaller << " " << pair.larger;
  }
}

TEST(DecimalTextTest, FindsEqualValuesInDifferentTexts) {
  for (const Pair& pair : {Pair{"1", "1.0"}, Pair{"1", "0001.000e0"}, Pair{"10", "1e1"},
                           Pair{"0.01", "1e-2"}, Pair{".5", "0.50"}, Pair{"0", "-0.0e9"},
                           Pair{"1.5e3", "1500"}, Pair{"+Inf", "infinity"}, Pair{"120", "12e1"}}) {
    EXPECT_EQ(DecimalText::Compare(DecimalText(pair.smaller), DecimalText(pair.larger)), 0)
        << pair.smaller << " " << pair.larger;
  }
}

TEST(DecimalTextTest, KnowsWholeNumbers) {
  for (const char* text : {"0", "-0", "17.0", "1.5e1", "1e400", "120", "1.2e1", "0.5e1", "00"}) {
    EXPECT_TRUE(DecimalText(text).is_integer()) << text;
  }
  for (const char* text : {"0.5", "1.5", "15e-1", "1e-400", "NaN", "+Inf", "1.05e1"}) {
    EXPECT_FALSE(DecimalText(text).is_integer()) << text;
  }
}

TEST(DecimalTextTest, CallsNeitherZeroNorNanNegative) {
  EXPECT_FALSE(DecimalText("-0").is_negative());
  EXPECT_FALSE(DecimalText("-0.000e5").is_negative());
  EXPECT_FALSE(DecimalText("NaN").is_negative());
  EXPECT_TRUE(DecimalText("-1e-999").is_negative());
  EXPECT_TRUE(DecimalText("-inf").is_negative());
}

}  // namespace
}  // namespace candor
