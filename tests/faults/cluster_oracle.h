// What the nodes of a cluster have truly counted.
#pragma once

#include <atomic>
#include <cstdint>

namespace candor {

struct ClusterOracle {
  std::atomic<std::uint64_t> counts, begun, done;
};

}  // namespace candor
