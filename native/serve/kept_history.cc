#include "native/serve/kept_history.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "native/scrape/metric_history_text.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

class File {
 public:
  File(const std::string& path, int how) : file_(::open(path.c_str(), how | O_CLOEXEC, 0600)) {}
  ~File() {
    if (file_ >= 0) ::close(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number() const { return file_; }

 private:
  const int file_;
};

std::string Reason() { return std::strerror(errno); }

// What is wrong with it, or "".
std::string CheckOurs(int file, const struct stat& status) {
  if (file < 0) return errno == ELOOP ? "is a symbolic link" : Reason();
  if (!S_ISREG(status.st_mode)) return "is no regular file";
  if (status.st_uid != ::geteuid()) return "belongs to another user";
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "can be changed by others";
  if (status.st_size > static_cast<off_t>(kMostHistoryBytes)) return "is longer than 64 MiB";
  return "";
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t some = ::write(file, bytes.data(), bytes.size());
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(some));
  }
  return true;
}

std::string ReadAll(int file, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t some = ::read(file, bytes.data() + done, size - done);
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) break;
    done += static_cast<std::size_t>(some);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace

std::string KeptHistory::Load() {
  const std::string path = folder_ + "/" + kHistoryName;
  const File file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (file.number() < 0 && errno == ENOENT) return "";
  struct stat status {};
  if (file.number() >= 0) ::fstat(file.number(), &status);
  if (const std::string why = CheckOurs(file.number(), status); !why.empty()) {
    return path + " " + why;
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  return metrics_.Read(ReadAll(file.number(), size)) ? "" : path + " is damaged";
}

std::string KeptHistory::Save() {
  if (!may_save_ || metrics_.is_empty()) return "";
  // It checks whose folder it is.
  const Result<std::string> folder = PrepareFolder(folder_);
  if (!folder.ok()) return folder.error().message;
  const std::string path = folder.value() + "/" + kHistoryName, beside = path + ".new";
  ::unlink(beside.c_str());
  const File file(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  if (file.number() >= 0 && WriteAll(file.number(), metrics_.Bytes()) &&
      std::rename(beside.c_str(), path.c_str()) == 0) {
    return "";
  }
  std::string why = path + ": " + Reason();
  RemoveHistory(folder_);
  return why;
}

void KeptHistory::MayKeep(bool may) {
  may_save_ = may;
  metrics_.MayKeep(may);
  if (may) {
    wiped_ = false;
  } else if (!wiped_.exchange(true)) {
    RemoveHistory(folder_);
  }
}

}  // namespace candor
