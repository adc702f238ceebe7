// Randomness, as an interface: a test's run can be repeated from its seed.
#pragma once

#include <cstdint>
#include <string>

namespace candor {

class Random {
 public:
  virtual ~Random() = default;
  // 64 independent bits. Safe from any thread.
  virtual std::uint64_t Next() = 0;
};

// The kernel's generator.
Random& SystemRandom();

// A UUID version 4 (RFC 9562), lower case.
std::string NewUuid(Random& random);

// Uniform in [0, most]. REQUIRES: most >= 0.
std::int64_t UniformUpTo(Random& random, std::int64_t most);

}  // namespace candor
