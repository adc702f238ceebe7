// A generator of numbers that is the same everywhere: a case is its seed and its index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace candor::parity {

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t index) : state_(seed ^ (index * 0xD1342543DE82EF95u)) {
    Next();
  }

  // splitmix64.
  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // REQUIRES: count > 0.
  std::size_t Below(std::size_t count) { return static_cast<std::size_t>(Next() % count); }
  bool Chance(unsigned percent) { return Below(100) < percent; }

  template <typename List>
  const auto& Pick(const List& list) {
    return list[Below(std::size(list))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace candor::parity
