#include "tests/load/load_plan.h"

#include <algorithm>
#include <random>

namespace candor {
namespace {

struct Heavy {
  std::uint32_t documents;
  double repeats;  // Of each, of all.
};
constexpr Heavy kHeavy[] = {{10, 0.05}, {55, 0.005}, {322, 0.0005}};

}  // namespace

std::vector<std::uint32_t> PlanPosts(std::uint32_t posts, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::uint32_t unique = posts / 2, repeats = posts - unique;
  std::vector<std::uint32_t> plan(unique);
  for (std::uint32_t n = 0; n < unique; ++n) plan[n] = n;
  const auto any = [&] { return static_cast<std::uint32_t>(random() % unique); };
  for (const Heavy& heavy : kHeavy) {
    const auto times = static_cast<std::uint32_t>(heavy.repeats * repeats);
    for (std::uint32_t i = 0; i < heavy.documents; ++i) plan.insert(plan.end(), times, any());
  }
  while (plan.size() < posts) plan.push_back(any());
  std::shuffle(plan.begin(), plan.end(), random);
  return plan;
}

}  // namespace candor
