#include "native/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <set>
#include <vector>

namespace candor {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

class Script : public Random {
 public:
  explicit Script(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}
  std::uint64_t Next() override { return numbers_.at(next_++); }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t next_ = 0;
};

TEST(SystemRandomTest, NeverRepeatsItself) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(SystemRandom().Next());
  EXPECT_EQ(seen.size(), 10'000u);
}

TEST(SystemRandomTest, SetsEveryBitHalfOfTheTime) {
  std::array<int, 64> ones{};
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t bits = SystemRandom().Next();
    for (std::size_t bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(bits >> bit & 1);
  }
  for (const int count : ones) EXPECT_NEAR(count, 5000, 400);  // Eight standard deviations.
}

TEST(NewUuidTest, IsOfVersion4InLowerCase) {
  Script zeros({0, 0});
  EXPECT_EQ(NewUuid(zeros), "00000000-0000-4000-8000-000000000000");
  Script ones({~0ULL, ~0ULL});
  EXPECT_EQ(NewUuid(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  Script digits({0x0123456789abcdef, 0xfedcba9876543210});
  EXPECT_EQ(NewUuid(digits), "01234567-89ab-4def-bedc-ba9876543210");
}

TEST(UniformUpToTest, StaysInItsRange) {
  Script ends({0, ~0ULL - 1, 7, 8, 1ULL << 63, (1ULL << 63) - 1});
  EXPECT_EQ(UniformUpTo(ends, 0), 0);
  EXPECT_EQ(UniformUpTo(ends, 0), 0);
  EXPECT_EQ(UniformUpTo(ends, 7), 7);
  EXPECT_EQ(UniformUpTo(ends, 7), 0);
  EXPECT_EQ(UniformUpTo(ends, kMost), 0);
  EXPECT_EQ(UniformUpTo(ends, kMost), kMost);
}

TEST(UniformUpToTest, DrawsAgainWhereTheRangeWouldNotFitAWholeNumberOfTimes) {
  Script numbers({~0ULL, ~0ULL - 1, 4});
  EXPECT_EQ(UniformUpTo(numbers, (std::int64_t{1} << 62)), 4);
  Script third({~0ULL, 5});  // 2^64 - 1 is a multiple of 3, and so the first number too many.
  EXPECT_EQ(UniformUpTo(third, 2), 2);
}

}  // namespace
}  // namespace candor
