// The part of a counter's cost that every addition pays, and nothing else: where this thread's
// cells are.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace candor {

using CounterCell = std::atomic<std::uint64_t>;

namespace counters_detail {

// As many Counters at once have cells for each thread; the others share cells, at more cost.
inline constexpr std::size_t kPlaces = 16;

// By the place of a Counters object; null where this thread has no cells of its own (the last is
// always null). Only this thread reads. Others write when they destroy the object, and whoever
// learns of the next object in that place learns of that too. A plain array: the linker may find it
// by an instruction that sets no flags, where UBSan's check of std::array's `this` reads them.
using ThreadCells = std::atomic<CounterCell*>[kPlaces + 1];

// In a shared library the default model would call a function for each addition.
extern constinit thread_local ThreadCells thread_cells [[gnu::tls_model("initial-exec")]];

}  // namespace counters_detail
}  // namespace candor
