#include "native/transport/retry_after.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

namespace candor {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> Wait(std::string_view retry_after, std::string_view date = "") {
  RetryAfter fields;
  if (!date.empty()) fields.ReadDate(date);
  fields.ReadRetryAfter(retry_after);
  return fields.Millis();
}

TEST(ParseHttpDateTest, ReadsTheFormOfToday) {
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777'000);
  EXPECT_EQ(ParseHttpDate("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  EXPECT_EQ(ParseHttpDate("Thu, 29 Feb 2024 23:59:59 GMT"), 1'709'251'199'000);
  EXPECT_EQ(ParseHttpDate("Fri, 31 Dec 9999 23:59:59 GMT"), 253'402'300'799'000);
}

TEST(ParseHttpDateTest, RefusesEverythingElse) {
  for (const std::string_view text : {
           "",
           "Sun, 06 Nov 1994 08:49:37",
           "Sunday, 06-Nov-94 08:49:37 GMT",
           "Sun Nov  6 08:49:37 1994",
           "Mon, 06 Nov 1994 08:49:37 GMT",
           "Sun, 6 Nov 1994 08:49:37 GMT",
           "sun, 06 Nov 1994 08:49:37 GMT",
           "Sun, 06 nov 1994 08:49:37 GMT",
           "Sun, 06 Nov 1994 24:00:00 GMT",
           "Sun, 06 Nov 1994 08:60:37 GMT",
           "Sun, 06 Nov 1994 08:49:37 UTC",
           "Sun, 06 Nov 1994 08:49:37 gmt",
           "Thu, 29 Feb 2023 23:59:59 GMT",
           "Tue, 31 Nov 1994 08:49:37 GMT",
           "Wed, 31 Dec 1969 23:59:59 GMT",
           "Sun, +6 Nov 1994 08:49:37 GMT",
           "Sun, 06 Nov 1994 08:49:-7 GMT",
           "Sun, 06 Nov 199x 08:49:37 GMT",
           "Sun, 06 Nov 1994 08:49:37 GMT ",
       }) {
    EXPECT_EQ(ParseHttpDate(text), std::nullopt) << text;
  }
}

TEST(RetryAfterTest, TakesSeconds) {
  EXPECT_EQ(Wait("0"), 0);
  EXPECT_EQ(Wait("120"), 120'000);
  EXPECT_EQ(Wait("0000000000000000000000000000120"), 120'000);
}

TEST(RetryAfterTest, StopsAtTheEndOfNumbers) {
  EXPECT_EQ(Wait("9223372036854775"), 9'223'372'036'854'775'000);
  for (const std::string& digits :
       {std::string("9223372036854776"), std::string("9223372036854775807"),
        std::string("99999999999999999999999999"), std::string(10'000, '9')}) {
    const std::optional<std::int64_t> wait = Wait(digits);
    ASSERT_TRUE(wait.has_value());
    EXPECT_GT(*wait, kMost - 100'000);
  }
}

TEST(RetryAfterTest, MeasuresADateFromTheAnswersOwn) {
  const std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:50:37 GMT", date), 60'000);
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:49:37 GMT", date), 0);
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:00:00 GMT", date), 0);
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:50:37 GMT"), std::nullopt);
  EXPECT_EQ(Wait("Sun, 06 Nov 1994 08:50:37 GMT", "today"), std::nullopt);
}

TEST(RetryAfterTest, IgnoresGarbage) {
  for (const std::string_view text : {"", "-1", "+1", "1.5", "1e3", "0x10", "1 2", " 1", "soon",
                                      "1\x01", "\xd9\xa1", "Infinity", "120;", "120, 120"}) {
    EXPECT_EQ(Wait(text), std::nullopt) << text;
  }
}

TEST(RetryAfterTest, TheFirstOfSeveralCounts) {
  RetryAfter fields;
  fields.ReadRetryAfter("5");
  fields.ReadRetryAfter("500000");
  EXPECT_EQ(fields.Millis(), 5000);
  RetryAfter garbage;
  garbage.ReadRetryAfter("x");
  garbage.ReadRetryAfter("5");
  EXPECT_EQ(garbage.Millis(), std::nullopt);
}

}  // namespace
}  // namespace candor
