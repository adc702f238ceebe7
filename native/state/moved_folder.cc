#include "native/state/moved_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "native/base/read_file.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = 4096;

std::string PathIn(const std::string& folder) { return folder + '/' + kMovedName; }

bool WriteAll(int file, const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t written = write(file, text.data() + at, text.size() - at);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) at += static_cast<std::size_t>(written);
  }
  return fsync(file) == 0;
}

}  // namespace

Result<std::string> ReadMovedTo(const std::string& folder) {
  const std::string path = PathIn(folder);
  struct stat there {};
  if (lstat(path.c_str(), &there) != 0) {
    if (errno == ENOENT) return std::string();
    return FileError(path, "cannot be looked at", errno);
  }
  Result<std::string> text = ReadFile(path, kMostBytes);
  if (!text.ok()) return text.problems();
  std::string to = std::move(text).value();
  to.erase(std::min(to.find('\n'), to.size()));
  return to.empty() ? std::string("an unknown place") : to;
}

std::optional<Error> WriteMovedTo(const std::string& folder, const std::string& to) {
  const std::string path = PathIn(folder), made = path + ".new";
  unlink(made.c_str());
  const int file = open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return FileError(made, "cannot be made", errno);
  const bool written = WriteAll(file, to + '\n');
  const int reason = errno;
  close(file);
  if (!written) return FileError(made, "cannot be written", reason);
  if (rename(made.c_str(), path.c_str()) != 0) return FileError(made, "cannot be renamed", errno);
  if (!SyncFolder(folder)) return FileError(folder, "cannot be written", errno);
  return std::nullopt;
}

std::optional<Error> RemoveMovedTo(const std::string& folder) {
  const std::string path = PathIn(folder);
  if (unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return FileError(path, "cannot be removed", errno);
  }
  if (!SyncFolder(folder)) return FileError(folder, "cannot be written", errno);
  return std::nullopt;
}

std::optional<Error> CheckNotMovedAway(const std::string& folder) {
  const Result<std::string> to = ReadMovedTo(folder);
  if (!to.ok()) return to.error();
  if (to.value().empty()) return std::nullopt;
  return Error{ErrorCode::kConflict,
               "",
               "the state of this folder was moved to " + to.value() +
                   ", or is on its way: use it from there (--state-database); a `candor state "
                   "move` that was interrupted is finished by calling it again",
               {},
               folder};
}

}  // namespace candor
