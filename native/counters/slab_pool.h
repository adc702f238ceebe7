// Who may write which slab. A slab is written by one thread at a time, which is what makes a plain
// load and store exact.
//
// Within a process a lock settles it; between processes a byte lock that belongs to the open file
// description (fcntl(2), F_OFD_SETLK), which the kernel gives back however a process ends. A slab's
// cells are handed on as they are.
//
// After fork() the child owns no slab: its threads claim new ones, under a file description of its
// own. Not seen are children made by the bare system call, without the C library.
#pragma once

#include <sys/stat.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "native/counters/layout.h"
#include "native/counters/thread_cells.h"

namespace candor {

class SlabPool {
 public:
  // `fd` is the open file of `path`, or -1 for memory. Takes it over; borrows the path.
  SlabPool(Layout& layout, int fd, const char* path) noexcept;
  // REQUIRES: no thread is within a call of this object.
  ~SlabPool();
  SlabPool(const SlabPool&) = delete;
  SlabPool& operator=(const SlabPool&) = delete;

  // The index of this pool's cells in `thread_cells`.
  std::size_t place() const { return place_; }

  // Cells that only this thread writes, also entered in `thread_cells`; null when all are taken:
  // then the overflow slab is for it. May change errno.
  CounterCell* CellsOfThisThread() noexcept;

 private:
  friend class SlabRegistry;
  enum class Owner : std::uint8_t { kOthers, kSpare, kThread };

  int Claim() noexcept;  // The index of a slab, or -1.
  bool Lock(std::size_t slab) noexcept;
  void Release(std::size_t slab) noexcept;
  void Reopen() noexcept;  // In a child: a file description of its own.
  bool IsOurFile(int fd) const noexcept;

  Layout& layout_;
  int fd_;
  const char* const path_;
  struct stat file_ = {};
  bool forked_ = false;  // The descriptor is the parent's.
  const bool in_memory_;
  std::size_t place_;
  std::size_t next_ = 0;  // Where to look for a slab.
  std::size_t spare_ = 0;
  std::array<Owner, kSlabs> owners_ = {};
};

}  // namespace candor
