// A few lives of ten years, and simulations that must fail.
#include <gtest/gtest.h>

#include "tests/sim/installation.h"

namespace candor::sim {
namespace {

Totals SimulateMany(std::uint64_t first_seed, int installations, Options options) {
  Totals totals;
  for (int i = 0; i < installations; ++i) {
    options.seed = first_seed + static_cast<std::uint64_t>(i);
    totals.Add(Simulate(options));
  }
  return totals;
}

std::string All(const std::vector<std::string>& messages) {
  std::string all;
  for (const std::string& message : messages) all += message + "\n";
  return all;
}

TEST(SimulationTest, TenYearsBreakNoLaw) {
  Options options;
  options.years = 10;
  const Totals totals = SimulateMany(20'261'121, 4, options);
  EXPECT_EQ(totals.violations, 0) << All(totals.messages);
  EXPECT_GT(totals.reports, 1000);
  EXPECT_GT(totals.faults, 100);
}

TEST(SimulationTest, ManyShortLivesBreakNoLaw) {
  Options options;
  options.years = 1;
  const Totals totals = SimulateMany(7'000, 16, options);
  EXPECT_EQ(totals.violations, 0) << All(totals.messages);
}

TEST(SimulationTest, TenYearsOfflineStayBoundedAndLoseNothing) {
  Options options;
  options.years = 10;
  options.always_offline = true;
  const Totals totals = SimulateMany(3, 2, options);
  EXPECT_EQ(totals.violations, 0) << All(totals.messages);
  EXPECT_LT(totals.most_kept_bytes, 64 * 1024);
}

TEST(SimulationTest, TheSameSeedGivesTheSameEvents) {
  Options options;
  options.years = 1;
  options.seed = 42;
  EXPECT_EQ(Simulate(options).hash, Simulate(options).hash);
  const std::uint64_t before = Simulate(options).hash;
  options.seed = 43;
  EXPECT_NE(Simulate(options).hash, before);
}

class NegativeControlTest : public testing::TestWithParam<Bug> {};

TEST_P(NegativeControlTest, ASeededBugIsFound) {
  Options options;
  options.years = 1;
  options.bug = GetParam();
  EXPECT_GT(SimulateMany(100, 6, options).violations, 0);
}

INSTANTIATE_TEST_SUITE_P(Bugs, NegativeControlTest,
                         testing::Values(Bug::kNewKeyOnRetry, Bug::kBaselinesStay,
                                         Bug::kForgetsAcceptance, Bug::kIgnoresNo));

}  // namespace
}  // namespace candor::sim
