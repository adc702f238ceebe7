#include "native/state/folder_end.h"

#include <unistd.h>

#include <array>
#include <utility>

#include "native/state/moved_folder.h"
#include "native/state/set_aside.h"
#include "native/state/sqlite_whole.h"

namespace candor {
namespace {

constexpr int kAloneMs = 500;

std::string MachineName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "this machine";
  return name.data();
}

}  // namespace

Result<std::unique_ptr<FolderEnd>> FolderEnd::Open(const std::string& folder, Clock& clock) {
  Result<OpenFolder> opened = OpenStateFolder(folder, clock, OpenFor::kToMove);
  if (!opened.ok()) return std::move(opened).problems();
  std::unique_ptr<FolderEnd> end(new FolderEnd(std::move(opened).value()));
  end->place_ = "the folder " + end->open_.folder + " of " + MachineName();
  StateLock& lock = *end->open_.lock;
  if (lock.Wait(StateLock::Place::kInUse, StateLock::How::kAlone, kAloneMs) !=
      StateLock::Answer::kMine) {
    return Error{ErrorCode::kConflict,
                 "",
                 "is in use by another process: stop the reporter and every host that works with "
                 "it, and call this again",
                 {},
                 end->open_.folder};
  }
  return end;
}

Result<std::string> FolderEnd::MovedTo() const { return ReadMovedTo(open_.folder); }

Result<Standing> FolderEnd::Stand(const JournalHead& other) {
  return StandOf(*open_.database, other);
}

std::optional<Error> FolderEnd::Write(const WholeState& whole) {
  const Result<Mark> mark = WriteWhole(*open_.database, whole);
  if (!mark.ok()) return mark.error();
  WriteMark(open_.folder, mark.value());
  return std::nullopt;
}

std::optional<Error> FolderEnd::IsHere() { return RemoveMovedTo(open_.folder); }

Result<WholeState> FolderEnd::Read() { return ReadWhole(*open_.database); }

std::optional<Error> FolderEnd::Leave(const std::string& to) {
  return WriteMovedTo(open_.folder, to);
}

Result<std::string> FolderEnd::HasArrived() {
  // Should the log stay, it goes along.
  static_cast<void>(open_.database->EmptyLog());
  open_.database.reset();
  return PutMovedAway(open_.folder);
}

}  // namespace candor
