// One metric's last values in 4 bytes each. Not thread-safe.
//
// A value is kept as its step from the one before, or as itself where that is nearer to zero, in a
// float whose last bit tells which. The step is taken from what was kept, so errors do not add up:
// a value is off by at most 2^-23 of its step, and counts that grow by less than 2^23 are exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace candor {

class MetricSeries {
 public:
  // Six hours of minutes, and their beginning.
  static constexpr std::size_t kMost = 361;

  MetricSeries() = default;
  explicit MetricSeries(std::size_t gaps);

  // Nothing, or a value out of the reach of a float, is a gap. The oldest of kMost values goes.
  void Push(std::optional<double> value);
  std::size_t size() const { return steps_.size(); }
  // Oldest first.
  std::vector<std::optional<double>> Values() const;
  std::size_t MemoryBytes() const { return sizeof *this + steps_.capacity() * sizeof steps_[0]; }

 private:
  void Append(std::uint32_t step);

  bool begun_ = false;          // There was a value.
  double base_ = 0, last_ = 0;  // Before the oldest step; behind the newest.
  std::size_t oldest_ = 0;
  std::vector<std::uint32_t> steps_;
};

}  // namespace candor
