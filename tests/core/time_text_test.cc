#include "core/time_text.h"

#include <gtest/gtest.h>

#include "core/text.h"

namespace candor {
namespace {

TEST(TimeTextTest, KnowsTheCalendar) {
  EXPECT_EQ(TimeText(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(TimeText(951'782'400'000), "2000-02-29T00:00:00Z");
  EXPECT_EQ(TimeText(1'712'228'731'639), "2024-04-04T11:05:31Z");
  EXPECT_EQ(TimeText(kLatestTime), "9999-12-31T23:59:59Z");
  EXPECT_EQ(TimeText(-1), "-1 ms after 1970");
}

TEST(ParseTimeTest, ReadsBackWhatTimeTextWrites) {
  for (UnixMillis time = 0; time < kLatestTime; time += 86'399'000'000 / 7) {
    UnixMillis out = -1;
    ASSERT_TRUE(ParseTime(TimeText(time), &out)) << time;
    EXPECT_EQ(out, time / 1000 * 1000);
    ASSERT_TRUE(ParseTime(Decimal(time), &out));
    EXPECT_EQ(out, time);
  }
}

TEST(ParseTimeTest, RefusesWhatIsNoTime) {
  UnixMillis out = 0;
  for (const char* text : {"", "now", "2026-02-30T00:00:00Z", "2026-11-21", "2026-11-21T04:05:06",
                           "2026-11-21T04:05:06+01:00", "1969-12-31T23:59:59Z", "1e3"}) {
    EXPECT_FALSE(ParseTime(text, &out)) << text;
  }
}

}  // namespace
}  // namespace candor
