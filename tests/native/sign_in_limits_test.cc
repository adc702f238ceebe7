#include "native/admin/accounts/sign_in_limits.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/native/admin_rig.h"

namespace candor {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 24 * 60 * kMinuteMs;

TEST(SignInLimitsTest, AllowABurstAndThenSomeByTheHour) {
  TurnableClock clock;
  SignInLimits limits(clock);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(limits.Take("192.0.2.7", "ada", false)) << i;
  EXPECT_EQ(limits.Take("192.0.2.7", "ada", false), kMinuteMs);
  clock.Pass(kMinuteMs - 1);
  EXPECT_EQ(limits.Take("192.0.2.7", "ada", false), 1);
  clock.Pass(1);
  EXPECT_FALSE(limits.Take("192.0.2.7", "ada", false));
  EXPECT_TRUE(limits.Take("192.0.2.7", "ada", false));
}

TEST(SignInLimitsTest, GiveBackWhatARightPasswordTook) {
  TurnableClock clock;
  SignInLimits limits(clock);
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_FALSE(limits.Take("192.0.2.7", "ada", false));
    limits.GiveBack("192.0.2.7", "ada", false);
  }
}

TEST(SignInLimitsTest, SlowAGuesserToSomeThousandADay) {
  TurnableClock clock;
  SignInLimits limits(clock);
  int tries = 0;
  // From as many addresses as there are, ten times a second.
  for (std::int64_t ms = 0; ms < kDayMs; ms += 100) {
    const std::string peer = "10.0." + std::to_string(ms / 100 % 250) + ".1";
    if (!limits.Take(peer, "ada", false)) ++tries;
    clock.Pass(100);
  }
  std::printf("one account, any number of addresses: %d tries a day\n", tries);
  EXPECT_LE(tries, 1'450);
}

TEST(SignInLimitsTest, SlowAGuesserOfManyNamesAtOneAddress) {
  TurnableClock clock;
  SignInLimits limits(clock);
  int tries = 0;
  for (int i = 0; i < 36'000; ++i) {
    if (!limits.Take("192.0.2.7", "user" + std::to_string(i), false)) ++tries;
    clock.Pass(100);
  }
  EXPECT_LE(tries, 20 + 600);
}

TEST(SignInLimitsTest, SlowAllTogether) {
  TurnableClock clock;
  SignInLimits limits(clock);
  int tries = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string number = std::to_string(i);
    if (!limits.Take("peer" + number, "user" + number, false)) ++tries;
    clock.Pass(1);
  }
  EXPECT_LE(tries, 50 + 300);
}

// An hour of guessing from everywhere, and the user comes from home every ten minutes.
TEST(SignInLimitsTest, LetTheUserInWhereTheyWereBeforeDuringAnAttack) {
  TurnableClock clock;
  SignInLimits limits(clock);
  for (int i = 0; i < 36'000; ++i) {
    limits.Take("10.0.0." + std::to_string(i % 250), "ada", false);
    if (i % 6'000 == 0) {
      EXPECT_FALSE(limits.Take("192.0.2.7", "ada", true)) << i;
    }
    clock.Pass(100);
  }
}

TEST(SignInLimitsTest, LetStrangersInSoonAfterAnAttack) {
  TurnableClock clock;
  SignInLimits limits(clock);
  for (int i = 0; i < 100'000; ++i) limits.Take("10.0.0." + std::to_string(i % 250), "ada", false);
  EXPECT_TRUE(limits.Take("192.0.2.7", "ada", false));
  clock.Pass(kMinuteMs);
  EXPECT_FALSE(limits.Take("192.0.2.7", "ada", false));
}

TEST(SignInLimitsTest, AreOfOneNetworkOfIPv6) {
  EXPECT_EQ(SignInLimits::PeerKey("2001:db8:1:2::1"), SignInLimits::PeerKey("2001:db8:1:2:f::9"));
  EXPECT_NE(SignInLimits::PeerKey("2001:db8:1:2::1"), SignInLimits::PeerKey("2001:db8:1:3::1"));
  EXPECT_EQ(SignInLimits::PeerKey("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(SignInLimits::PeerKey("unix"), "unix");
}

TEST(BucketsTest, AreBounded) {
  Buckets buckets({10, 1'000}, 100);
  for (int i = 0; i < 100'000; ++i) buckets.Take("key" + std::to_string(i), i);
  EXPECT_LE(buckets.size(), 100u);
}

TEST(BucketsTest, ForgetWhoLacksLeastFirst) {
  Buckets buckets({2, 1'000'000}, 10);
  buckets.Take("guesser", 0);
  buckets.Take("guesser", 0);
  for (int i = 0; i < 1'000; ++i) buckets.Take("key" + std::to_string(i), 1);
  EXPECT_GT(buckets.WaitMs("guesser", 2), 0);
}

}  // namespace
}  // namespace candor
