#include "native/admin/accounts/password_hash.h"

#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "native/admin/accounts/password_rules.h"
#include "tests/native/admin_rig.h"

namespace candor {
namespace {

// Of this thread's processor time: what neighbours do does not count.
double Millis() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double MillisOf(const std::function<void()>& work) {
  const double start = Millis();
  work();
  return Millis() - start;
}

TEST(PasswordHasherTest, KeepsArgon2idAtItsCost) {
  PasswordHasher hasher;
  const std::string kept = hasher.Hash("four words in a row").value();
  EXPECT_EQ(kept.substr(0, 31), "$argon2id$v=19$m=65536,t=3,p=1$");
  EXPECT_EQ(hasher.Verify(kept, "four words in a row"), PasswordVerdict::kRight);
  EXPECT_EQ(hasher.Verify(kept, "four words in a rov"), PasswordVerdict::kWrong);
}

TEST(PasswordHasherTest, SaltsEveryPassword) {
  PasswordHasher hasher(kQuickHash);
  EXPECT_NE(hasher.Hash("four words").value(), hasher.Hash("four words").value());
}

TEST(PasswordHasherTest, TakesAllOfALongPassword) {
  PasswordHasher hasher(kQuickHash);
  const std::string longest(kMostPasswordBytes, 'x');
  const std::string kept = hasher.Hash(longest).value();
  EXPECT_EQ(hasher.Verify(kept, longest), PasswordVerdict::kRight);
  EXPECT_EQ(hasher.Verify(kept, longest.substr(1)), PasswordVerdict::kWrong);
}

TEST(PasswordHasherTest, OpensNothingForNobody) {
  PasswordHasher hasher(kQuickHash);
  EXPECT_EQ(hasher.Verify("", ""), PasswordVerdict::kWrong);
  EXPECT_EQ(hasher.Verify("", "nobody has this password"), PasswordVerdict::kWrong);
  EXPECT_EQ(hasher.Verify("damaged", "anything"), PasswordVerdict::kWrong);
}

TEST(PasswordHasherTest, ComputesAsMuchForNamesThatDoNotExist) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  const auto computed_by = [&](const std::string& name) {
    const std::uint64_t before = rig.hasher.computed();
    static_cast<void>(rig.accounts->CheckPassword(name, "wrong password"));
    return rig.hasher.computed() - before;
  };
  EXPECT_EQ(computed_by("ada"), 1u);
  EXPECT_EQ(computed_by("nobody"), 1u);
}

// Interleaved, and compared as a ratio of medians.
TEST(PasswordHasherTest, TakesAsLongForNamesThatDoNotExist) {
  AdminRig rig(HashCost{.memory_bytes = std::size_t{4} << 20, .passes = 2});
  rig.Add("ada", Role::kSuperuser);
  std::vector<double> known, unknown;
  for (int i = 0; i < 101; ++i) {
    known.push_back(
        MillisOf([&] { static_cast<void>(rig.accounts->CheckPassword("ada", "wrong password")); }));
    unknown.push_back(MillisOf(
        [&] { static_cast<void>(rig.accounts->CheckPassword("nobody", "wrong password")); }));
  }
  std::sort(known.begin(), known.end());
  std::sort(unknown.begin(), unknown.end());
  const double ratio = unknown[50] / known[50];
  std::printf("unknown / known: %.3f (%.2f ms / %.2f ms)\n", ratio, unknown[50], known[50]);
  EXPECT_GT(ratio, 0.8);
  EXPECT_LT(ratio, 1.25);
}

// The first one after a start, too: somebody may have just one name to ask about.
TEST(PasswordHasherTest, TakesAsLongForTheFirstNameThatDoesNotExist) {
  const HashCost cost{.memory_bytes = std::size_t{4} << 20, .passes = 2};
  const std::string kept = PasswordHasher(cost).Hash("four words in a row").value();
  std::vector<double> known, unknown;
  for (int i = 0; i < 51; ++i) {
    PasswordHasher one(cost), other(cost);
    known.push_back(MillisOf([&] { static_cast<void>(one.Verify(kept, "wrong password")); }));
    unknown.push_back(MillisOf([&] { static_cast<void>(other.Verify("", "wrong password")); }));
  }
  std::sort(known.begin(), known.end());
  std::sort(unknown.begin(), unknown.end());
  EXPECT_GT(unknown[25] / known[25], 0.8);
  EXPECT_LT(unknown[25] / known[25], 1.25);
}

TEST(PasswordHasherTest, LetsOnlySoManyWait) {
  PasswordHasher hasher(HashCost{.memory_bytes = std::size_t{16} << 20, .passes = 8});
  const std::string kept = hasher.Hash("four words in a row").value();
  std::atomic<int> right = 0, busy = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 40; ++i) {
    threads.emplace_back([&] {
      const PasswordVerdict verdict = hasher.Verify(kept, "four words in a row");
      if (verdict == PasswordVerdict::kRight) ++right;
      if (verdict == PasswordVerdict::kBusy) ++busy;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right + busy, 40);
  EXPECT_GE(right, PasswordHasher::kMostAtATime + PasswordHasher::kMostWaiting);
  EXPECT_GE(busy, 1);
}

}  // namespace
}  // namespace candor
