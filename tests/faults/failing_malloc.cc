#include "tests/faults/failing_malloc.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace {

std::atomic<bool> armed{false};
std::atomic<std::uint64_t> count{0};
std::uint64_t fails_at = 0;
bool fails_for_ever = false;

[[maybe_unused]] bool Fails() {
  if (!armed.load(std::memory_order_relaxed)) return false;
  const std::uint64_t number = count.fetch_add(1) + 1;
  return number == fails_at || (fails_for_ever && number > fails_at);
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
bool candor::CanFailAllocations() { return false; }
#else
bool candor::CanFailAllocations() { return true; }

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);

void* malloc(std::size_t size) {
  if (!Fails()) return __libc_malloc(size);
  errno = ENOMEM;
  return nullptr;
}

void* calloc(std::size_t number, std::size_t size) {
  if (!Fails()) return __libc_calloc(number, size);
  errno = ENOMEM;
  return nullptr;
}

void* realloc(void* block, std::size_t size) {
  if (!Fails()) return __libc_realloc(block, size);
  errno = ENOMEM;
  return nullptr;
}

}  // extern "C"
#endif

void candor::FailAllocation(std::uint64_t nth, bool for_ever) {
  fails_at = nth;
  fails_for_ever = for_ever;
  count.store(0);
  armed.store(true);
}

std::uint64_t candor::StopFailingAllocations() {
  armed.store(false);
  return count.load();
}
