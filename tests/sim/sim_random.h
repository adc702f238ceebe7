// Random numbers of a simulation: the same from the same seed, on every machine.
#pragma once

#include <cmath>
#include <cstdint>

#include "native/base/random.h"

namespace candor::sim {

class SimRandom : public Random {
 public:
  explicit SimRandom(std::uint64_t seed) : state_(seed) {}

  // SplitMix64.
  std::uint64_t Next() override {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Once in `n` times; never for 0.
  bool OneIn(std::uint64_t n) { return n != 0 && Next() % n == 0; }
  // In [low, high].
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + UniformUpTo(*this, high - low);
  }
  // In [low, high], small ones as likely as large ones of each order of magnitude. REQUIRES: low>0.
  std::int64_t Spread(std::int64_t low, std::int64_t high) {
    const double part = static_cast<double>(Next() >> 11) * 0x1p-53;
    const double ratio = static_cast<double>(high) / static_cast<double>(low);
    return static_cast<std::int64_t>(static_cast<double>(low) * std::pow(ratio, part));
  }

 private:
  std::uint64_t state_;
};

}  // namespace candor::sim
