// Who sends what how often.
#pragma once

#include <cstdint>
#include <vector>

namespace candor {

// `posts` numbers of reports in a random order: half of them each report once, the other half
// repeats as Mozilla's pipeline saw them in one week (its issue 1072): 10 documents more than
// 100,000 times, 65 more than 10,000 and 387 more than 1,000 times, which were some 2 million;
// here as many documents, with as many repeats less as there are fewer posts.
std::vector<std::uint32_t> PlanPosts(std::uint32_t posts, std::uint64_t seed);

}  // namespace candor
