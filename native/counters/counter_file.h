// Finding, making and mapping a counter file.
#pragma once

#include <sys/types.h>

#include <string>

#include "native/counters/layout.h"

namespace candor {

// A mapped counter file. The caller unmaps and closes.
struct CounterFile {
  Layout* layout = nullptr;  // Null: there is none, `problem` says why.
  int fd = -1;
  std::string problem;
};

// Opens the file, or makes it where there is none. A file that is damaged or of another version is
// renamed to "<path>.damaged-1" (to -9; the last is replaced) first. Processes that do this at the
// same time agree on one file; "<path>.lock" stays behind. Its blocks exist on the disk before it
// is mapped: a full disk is a problem told here, and no SIGBUS later.
CounterFile OpenCounterFile(const std::string& path);

// The same in memory, shared with children. Throws std::bad_alloc.
Layout* MapCounterMemory();

// open(2) with O_CLOEXEC, and never as descriptor 0, 1 or 2: a host that closed those would write
// into the file what it means for people.
int OpenAboveStandard(const char* path, int flags, mode_t mode) noexcept;

}  // namespace candor
