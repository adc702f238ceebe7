// How long things took, each of them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace candor {

class Latencies {
 public:
  using Duration = std::chrono::steady_clock::duration;
  void Add(Duration took) { ms_.push_back(std::chrono::duration<float, std::milli>(took).count()); }
  std::size_t size() const { return ms_.size(); }
  // In milliseconds, of a part of all from 0 to 1; 0 when there are none.
  double At(double part) {
    if (ms_.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(ms_.size() - 1));
    std::nth_element(ms_.begin(), ms_.begin() + at, ms_.end());
    return ms_[static_cast<std::size_t>(at)];
  }

 private:
  std::vector<float> ms_;
};

}  // namespace candor
