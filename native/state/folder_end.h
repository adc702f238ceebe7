// A folder with SQLite as one end of a move (state_move.h). As long as it lives nobody else opens
// it.
//
// Not thread-safe. Errors of all: kUnavailable, kCorrupt.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "native/base/clock.h"
#include "native/state/sqlite_folder.h"
#include "native/state/whole_state.h"

namespace candor {

class FolderEnd {
 public:
  // Makes the folder and the database where they are missing, repairs what is damaged. Errors also:
  // kOutOfRange (made by a later version), kConflict (in use).
  static Result<std::unique_ptr<FolderEnd>> Open(const std::string& folder, Clock& clock);

  // For people, and the same whenever it is opened on this machine.
  const std::string& place() const { return place_; }
  // Where it was moved to or is on its way, "" for neither.
  Result<std::string> MovedTo() const;
  Result<Standing> Stand(const JournalHead& other);

  // As the target, all at once. After an error it may be written all the same: Stand knows.
  std::optional<Error> Write(const WholeState& whole);
  // It is in use again, wherever an earlier state went. Also when it stays after all.
  std::optional<Error> IsHere();

  // As the source.
  Result<WholeState> Read();
  // From now on nobody else opens it.
  std::optional<Error> Leave(const std::string& to);
  // It has arrived: the database gets another name, which is returned. Nothing else can be done
  // afterwards.
  Result<std::string> HasArrived();

 private:
  explicit FolderEnd(OpenFolder open) : open_(std::move(open)) {}

  OpenFolder open_;
  std::string place_;
};

}  // namespace candor
