#include "native/state/replaced_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "native/state/state_folder.h"

namespace candor {
namespace {

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Beside the others under a name that nobody reads.
std::optional<Error> WriteBeside(const std::string& path, std::string_view bytes) {
  ::unlink(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return FileError(path, "cannot be made", errno);
  const bool written = WriteAll(file, bytes) && ::fsync(file) == 0;
  const int reason = errno;
  ::close(file);
  if (written) return std::nullopt;
  ::unlink(path.c_str());
  return FileError(path, "cannot be written", reason);
}

}  // namespace

std::optional<Error> ReplaceFile(const std::string& folder, const std::string& name,
                                 std::string_view bytes) {
  const std::string path = folder + "/" + name, beside = folder + "/." + name + ".new";
  if (auto error = WriteBeside(beside, bytes)) return error;
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(beside.c_str());
    return FileError(path, "cannot be replaced", reason);
  }
  if (!SyncFolder(folder)) return FileError(folder, "cannot be written", errno);
  return std::nullopt;
}

}  // namespace candor
