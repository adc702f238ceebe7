#include <gtest/gtest.h>

#include "tests/native/folder.h"
#include "tests/soak/counter_kills.h"

namespace candor {
namespace {

TEST(CountersKillTest, KilledProcessesLoseAndDoubleNothing) {
  const Folder folder;
  const CounterTally tally = CountUnderKills(folder.Path(""), 300, 20261121);
  EXPECT_GT(tally.increments, 10'000u);
  EXPECT_EQ(tally.lost, 0u);
  EXPECT_EQ(tally.doubled, 0u);
}

TEST(CountersKillTest, ThreadsAndProcessesCountExactly) {
  const Folder folder;
  const CounterTally tally = CountTogether(folder.Path(""), 1'000'000, 16, 8);
  EXPECT_EQ(tally.increments, 1'000'000u);
  EXPECT_EQ(tally.lost, 0u);
  EXPECT_EQ(tally.doubled, 0u);
}

}  // namespace
}  // namespace candor
