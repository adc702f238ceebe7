// A small file beside the database that says how far the state had come, and whose changes others
// can wait for.
//
// SQLite quietly drops the end of its log when a bit of it flips, and is back at an older state, in
// which a no may be a yes again. The mark is written after every change: a state behind its mark
// has lost acknowledged changes. It may lag behind the state, never the other way round.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "native/state/change.h"

namespace candor {

struct Mark {
  std::int64_t revision = 0;
  JournalHead head;
};

// Nothing when there is none, or it is damaged.
std::optional<Mark> ReadMark(const std::string& folder);
// Not synced: what it marks is. A failure only makes it lag.
void WriteMark(const std::string& folder, const Mark& mark) noexcept;
// When the database it belongs to goes.
void RemoveMark(const std::string& folder) noexcept;

// Wakes when the mark of a folder is written.
class MarkWatch {
 public:
  explicit MarkWatch(const std::string& folder);
  ~MarkWatch();
  MarkWatch(const MarkWatch&) = delete;
  MarkWatch& operator=(const MarkWatch&) = delete;

  // An inotify descriptor, -1 when there is none to be had.
  int descriptor() const { return descriptor_; }
  void Drain();

 private:
  bool Add();

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace candor
