#include "tests/sim/herd.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "native/reporter/schedule.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_random.h"

namespace candor::sim {
namespace {

constexpr std::int64_t kRetries = 2;  // The configuration's default.

double Busiest(const std::vector<std::int64_t>& minutes, std::int64_t from, std::int64_t to) {
  return static_cast<double>(
      *std::max_element(minutes.begin() + from / kMinute, minutes.begin() + to / kMinute));
}

double DistanceFromUniform(std::vector<std::int64_t> phases) {
  std::sort(phases.begin(), phases.end());
  const double count = static_cast<double>(phases.size());
  double distance = 0;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const double uniform = static_cast<double>(phases[i]) / kDay;
    const double below = static_cast<double>(i) / count;
    distance = std::max({distance, uniform - below, below + 1 / count - uniform});
  }
  return distance;
}

}  // namespace

HerdFigures Measure(const Herd& herd) {
  SimRandom random(herd.seed);
  std::vector<std::int64_t> minutes(5 * kDay / kMinute);
  std::vector<std::int64_t> phases;
  std::int64_t hit = 0, requests = 0, back = 0;
  for (std::int64_t client = 0; client < herd.clients; ++client) {
    const std::int64_t due = random.Between(0, kDay - 1);
    std::int64_t at = due, failures = 0;
    while (at < herd.outage_ms) {
      ++requests;
      at += RetryDelay(++failures, kRetries, kDay, {}, random);
    }
    hit += failures != 0 ? 1 : 0;
    back += failures != 0 && at < herd.outage_ms + kDay ? 1 : 0;
    phases.push_back(at % kDay);
    for (; at < 5 * kDay; at += kDay) ++minutes[static_cast<std::size_t>(at / kMinute)];
  }
  const double steady = static_cast<double>(herd.clients) * kMinute / kDay;
  HerdFigures figures;
  figures.peak = Busiest(minutes, herd.outage_ms, herd.outage_ms + kDay) / steady;
  figures.peak_next_day =
      Busiest(minutes, herd.outage_ms + kDay, herd.outage_ms + 2 * kDay) / steady;
  figures.requests_per_client =
      static_cast<double>(requests) / std::max<double>(1, static_cast<double>(hit));
  figures.back_in_a_day = static_cast<double>(back) / std::max<double>(1, static_cast<double>(hit));
  figures.phase_distance = DistanceFromUniform(std::move(phases));
  return figures;
}

}  // namespace candor::sim
