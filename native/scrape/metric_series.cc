#include "native/scrape/metric_series.h"

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace candor {
namespace {

constexpr std::uint32_t kGap = 0x7fc00000;  // A NaN.
constexpr std::size_t kGrowth = 60;

std::uint32_t Packed(double value, bool is_step) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return (bits & ~1u) | (is_step ? 0u : 1u);
}

double Unpacked(double before, std::uint32_t step) {
  const auto value = static_cast<double>(std::bit_cast<float>(step & ~1u));
  return (step & 1u) != 0 ? value : before + value;
}

}  // namespace

MetricSeries::MetricSeries(std::size_t gaps) {
  for (std::size_t i = 0; i < gaps; ++i) Append(kGap);
}

void MetricSeries::Push(std::optional<double> value) {
  std::uint32_t step = kGap;
  if (value && std::abs(*value) <= std::numeric_limits<float>::max()) {
    if (!std::exchange(begun_, true)) base_ = last_ = *value;
    const double difference = *value - last_;
    step = Packed(std::abs(difference) <= std::abs(*value) ? difference : *value,
                  std::abs(difference) <= std::abs(*value));
    last_ = Unpacked(last_, step);
  }
  Append(step);
}

void MetricSeries::Append(std::uint32_t step) {
  if (steps_.size() < kMost) {
    // By the hour, as most series of a service that just began stay short.
    if (steps_.size() == steps_.capacity()) {
      steps_.reserve(steps_.size() + kGrowth > kMost ? kMost : steps_.size() + kGrowth);
    }
    steps_.push_back(step);
    return;
  }
  if (steps_[oldest_] != kGap) base_ = Unpacked(base_, steps_[oldest_]);
  steps_[oldest_] = step;
  oldest_ = (oldest_ + 1) % kMost;
}

std::vector<std::optional<double>> MetricSeries::Values() const {
  std::vector<std::optional<double>> values(steps_.size());
  double value = base_;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const std::uint32_t step = steps_[(oldest_ + i) % steps_.size()];
    if (step == kGap) continue;
    value = Unpacked(value, step);
    values[i] = value;
  }
  return values;
}

}  // namespace candor
