#include "native/state/state_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <new>
#include <system_error>
#include <utility>

namespace candor {
namespace {

std::string ParentOf(const std::string& path) {
  const std::size_t end = path.find_last_not_of('/');
  const std::size_t slash = end == std::string::npos ? end : path.rfind('/', end);
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// With its parents, as deep as paths can be.
std::optional<Error> MakeFolder(const std::string& path) {
  struct stat there {};
  if (stat(path.c_str(), &there) == 0) return std::nullopt;
  if (errno != ENOENT) return FileError(path, "cannot be looked at", errno);
  const std::string parent = ParentOf(path);
  if (parent != path && parent != ".") {
    if (auto error = MakeFolder(parent)) return error;
  }
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return FileError(path, "cannot be made", errno);
  }
  if (!SyncFolder(parent)) return FileError(parent, "cannot be written", errno);
  return std::nullopt;
}

}  // namespace

Error FileError(const std::string& path, std::string doing, int reason) {
  return Error{ErrorCode::kUnavailable,
               "",
               std::move(doing) + ": " + std::generic_category().message(reason),
               {},
               path};
}

Result<std::string> PrepareFolder(const std::string& folder) {
  if (folder.empty() || folder.size() >= PATH_MAX) {
    return Error{ErrorCode::kUnavailable, "", "the state needs the path of a folder", {}, folder};
  }
  if (auto error = MakeFolder(folder)) return std::move(*error);
  char real[PATH_MAX];
  if (realpath(folder.c_str(), real) == nullptr) {
    return FileError(folder, "cannot be found", errno);
  }
  struct stat found {};
  if (stat(real, &found) != 0) return FileError(real, "cannot be looked at", errno);
  if (!S_ISDIR(found.st_mode)) {
    return Error{ErrorCode::kUnavailable, "", "is no folder", {}, real};
  }
  if (found.st_uid != geteuid()) {
    return Error{
        ErrorCode::kUnavailable,
        "",
        "belongs to another user: the state must be in a folder of the user that runs this",
        {},
        real};
  }
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{ErrorCode::kUnavailable,
                 "",
                 "can be written by other users: take that from them, as with chmod go-w",
                 {},
                 real};
  }
  return std::string(real);
}

std::optional<Error> PrepareFile(const std::string& folder, const std::string& name) {
  const std::string path = folder + '/' + name;
  const int made = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (made >= 0) {
    close(made);
    if (!SyncFolder(folder)) return FileError(folder, "cannot be written", errno);
    return std::nullopt;
  }
  if (errno != EEXIST) return FileError(path, "cannot be made", errno);
  // Not opened: closing it again would end the locks that SQLite has on it in this process.
  struct stat there {};
  if (lstat(path.c_str(), &there) != 0) return FileError(path, "cannot be looked at", errno);
  if (!S_ISREG(there.st_mode) || there.st_uid != geteuid() || there.st_nlink != 1) {
    return Error{ErrorCode::kUnavailable,
                 "",
                 "must be a file of the user that runs this, and no link",
                 {},
                 path};
  }
  if ((there.st_mode & 0077) != 0 && chmod(path.c_str(), 0600) != 0) {
    return FileError(path, "cannot be closed to others", errno);
  }
  return std::nullopt;
}

std::optional<Error> MakeSecretFile(const std::string& folder, const std::string& name,
                                    std::string_view text) {
  const std::string path = folder + '/' + name, beside = path + ".new";
  unlink(beside.c_str());
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return FileError(beside, "cannot be made", errno);
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  const int reason = errno;
  close(file);
  if (!written) {
    unlink(beside.c_str());
    return FileError(beside, "cannot be written", reason);
  }
  const bool linked = link(beside.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const int why_not = errno;
  unlink(beside.c_str());
  if (!linked) return FileError(path, "cannot be made", why_not);
  if (!SyncFolder(folder)) return FileError(folder, "cannot be written", errno);
  return std::nullopt;
}

void RemoveHistory(const std::string& folder) noexcept try {
  const std::string path = folder + "/" + kHistoryName;
  unlink(path.c_str());
  unlink((path + ".new").c_str());
} catch (const std::bad_alloc&) {
  // The service does it again at its next start.
}

bool SyncFolder(const std::string& folder) {
  const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return false;
  const bool synced = fsync(opened) == 0;
  const int reason = errno;
  close(opened);
  errno = reason;
  return synced;
}

}  // namespace candor
