// A Console report of 100,000 data points as the writers under comparison get it: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candor {

struct Point {
  std::string component, cluster, key, value;
  std::vector<std::pair<std::string, std::string>> tags;  // Name and value.
  std::int64_t ts_from = 0;
};

// The shapes of a real scrape: JVM, HTTP and broker families, some tags non-ASCII or with a
// backslash, values as exposition texts.
std::vector<Point> SamplePoints(std::size_t count);

}  // namespace candor
