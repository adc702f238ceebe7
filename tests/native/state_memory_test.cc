// Every allocation of ours fails in turn.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "core/problems.h"
#include "tests/native/state_samples.h"

namespace {

// How many more succeed; below zero: all.
std::atomic<int> allocations_left{-1};
std::atomic<bool> one_failed{false};

void* Allocate(std::size_t size) {
  if (allocations_left >= 0 && allocations_left-- == 0) {
    one_failed = true;
    throw std::bad_alloc();
  }
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace candor {
namespace {

constexpr char kId[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

// Runs `work` with the `n`th allocation failing; whether it came to that.
template <typename Work>
bool FailsAt(int n, const Work& work) {
  one_failed = false;
  allocations_left = n;
  try {
    work();
  } catch (const std::bad_alloc&) {
  }
  allocations_left = -1;
  return one_failed;
}

TEST(StateMemoryTest, AChangeIsMadeOrNotWhereverMemoryRunsOut) {
  const StateChange first = SampleChange(SampleReport(kId, std::string(3000, 'r')));
  bool failed = true;
  for (int n = 0; failed; ++n) {
    const TemporaryFolder folder;
    const auto store = OpenStore(folder.path());
    std::int64_t acknowledged = 0;
    failed = FailsAt(n, [&] {
      const Result<std::int64_t> applied = store->Apply(first, 0);
      if (applied.ok()) acknowledged = applied.value();
      static_cast<void>(store->Read());
    });
    const Result<Snapshot> read = store->Read();
    ASSERT_TRUE(read.ok()) << n << ": " << ProblemsAsText(read.problems());
    ASSERT_GE(read.value().revision, acknowledged) << n;
    if (read.value().revision == 0) {
      const Result<std::int64_t> again = store->Apply(first, 0);
      ASSERT_TRUE(again.ok()) << n << ": " << ProblemsAsText(again.problems());
    }
    ASSERT_TRUE(store->Read().value().pending) << n;
    ASSERT_EQ(CountLinked(store->ReadJournal(0, 10).value()), 3u) << n;
  }
}

TEST(StateMemoryTest, OpeningSucceedsLaterWhereverMemoryRunsOut) {
  bool failed = true;
  for (int n = 0; failed; ++n) {
    const TemporaryFolder folder;
    std::unique_ptr<StateStore> store;
    failed = FailsAt(n, [&] {
      Result<std::unique_ptr<StateStore>> opened = OpenSqliteStore(folder.path());
      if (opened.ok()) store = std::move(opened).value();
    });
    store = OpenStore(folder.path());
    ASSERT_NE(store, nullptr) << n;
    EXPECT_EQ(store->set_aside(), "") << n;
    EXPECT_EQ(store->Read().value().revision, 0) << n;
  }
}

}  // namespace
}  // namespace candor
