#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <thread>

#include "native/counters/counters.h"

namespace {
std::atomic<std::uint64_t> allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace candor {
namespace {

TEST(CountersCostTest, CountingAllocatesNothing) {
  Counters counters("");
  const std::uint64_t before = allocations;
  const std::uint32_t counter = counters.Intern("a");
  counters.Add(counter);
  counters.See(0, "value", 1);
  EXPECT_EQ(allocations, before);
  std::uint64_t in_thread = 1;
  std::thread thread([&] {
    const std::uint64_t at_start = allocations;
    for (int i = 0; i < 1000; ++i) counters.Add(counters.Intern("a"));
    in_thread = allocations - at_start;
  });
  thread.join();
  EXPECT_EQ(in_thread, 0u);
}

}  // namespace
}  // namespace candor
