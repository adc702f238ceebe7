#include "native/base/clock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

namespace candor {
namespace {

TEST(SystemClockTest, KnowsTheTimeOfDay) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  EXPECT_NEAR(static_cast<double>(SystemClock().Wall()), static_cast<double>(now), 1000);
}

TEST(SystemClockTest, GoesOn) {
  const std::int64_t before = SystemClock().BootMillis();
  EXPECT_GT(before, 0);
  usleep(20'000);
  EXPECT_GE(SystemClock().BootMillis(), before + 20);
}

TEST(SystemClockTest, NamesTheStartOfTheMachine) {
  EXPECT_EQ(SystemClock().BootId().size(), 36u);
  EXPECT_EQ(SystemClock().BootId(), SystemClock().BootId());
}

}  // namespace
}  // namespace candor
