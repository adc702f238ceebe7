#include "native/counters/counter_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "native/base/random.h"

namespace candor {
namespace {

class OwnedFd {
 public:
  explicit OwnedFd(int fd = -1) : fd_(fd) {}
  ~OwnedFd() {
    if (fd_ >= 0) close(fd_);
  }
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  void Reset(int fd) {
    if (fd_ >= 0) close(fd_);
    fd_ = fd;
  }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

enum class State { kGood, kAbsent, kDamaged, kFailed };

std::string Problem(std::string_view what, const std::string& path, int error) {
  return std::string(what) + " " + path + ": " + std::generic_category().message(error);
}

std::uint64_t HeaderCheck(const LayoutHeader& header) {
  return SipHash({}, {reinterpret_cast<const char*>(&header), offsetof(LayoutHeader, check)});
}

LayoutHeader NewHeader() {
  Random& random = SystemRandom();
  LayoutHeader header = {};
  header.magic = kLayoutMagic;
  header.version = kLayoutVersion;
  header.names = kMaxCounterNames;
  header.slabs = kSlabs;
  header.seen_entries = kSeenEntries;
  header.epoch = {random.Next(), random.Next()};
  header.salt = {random.Next(), random.Next()};
  header.check = HeaderCheck(header);
  return header;
}

bool IsGood(const LayoutHeader& header) {
  return header.magic == kLayoutMagic && header.version == kLayoutVersion &&
         header.names == kMaxCounterNames && header.slabs == kSlabs &&
         header.seen_entries == kSeenEntries && header.check == HeaderCheck(header);
}

// 0 or an errno. A process over its limit would get SIGXFSZ.
int LimitOfFileSize() {
  rlimit limit = {};
  const bool known = getrlimit(RLIMIT_FSIZE, &limit) == 0;
  return known && limit.rlim_cur < sizeof(Layout) ? EFBIG : 0;
}

// A file that came back from a backup may have holes. Where the file system cannot fill them, as on
// NFS, it is used as it is: filling them by writing would race with those who count.
int FillHoles(int fd) {
  if (const int error = LimitOfFileSize(); error != 0) return error;
  int result = 0;
  do {
    result = fallocate(fd, 0, 0, sizeof(Layout));
  } while (result != 0 && errno == EINTR);
  return result == 0 || errno == EOPNOTSUPP || errno == ENOSYS ? 0 : errno;
}

State Examine(const std::string& path, OwnedFd& fd, std::string& problem) {
  fd.Reset(OpenAboveStandard(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0));
  if (fd.get() < 0) {
    if (errno == ENOENT) return State::kAbsent;
    problem = Problem("cannot open", path, errno);
    return State::kFailed;
  }
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    problem = path + " is not a regular file";
    return State::kFailed;
  }
  if (status.st_size != static_cast<off_t>(sizeof(Layout))) return State::kDamaged;
  LayoutHeader header = {};
  const ssize_t size = pread(fd.get(), &header, sizeof(header), 0);
  if (size < 0) {
    problem = Problem("cannot read", path, errno);
    return State::kFailed;
  }
  if (size != sizeof(header) || !IsGood(header)) return State::kDamaged;
  if (const int error = FillHoles(fd.get()); error != 0) {
    problem = Problem("cannot reserve room for", path, error);
    return State::kFailed;
  }
  return State::kGood;
}

// ---- one process at a time

// Held until closed. Bounded: whoever holds it does a few system calls, unless it was stopped.
bool LockPath(const std::string& path, OwnedFd& lock, std::string& problem) {
  const std::string name = path + ".lock";
  lock.Reset(OpenAboveStandard(name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW, 0600));
  if (lock.get() < 0) {
    problem = Problem("cannot make", name, errno);
    return false;
  }
  for (int tries = 0; tries < 2000; ++tries) {
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (fcntl(lock.get(), F_OFD_SETLK, &whole) == 0) return true;
    if (errno != EAGAIN && errno != EACCES && errno != EINTR) break;
    const timespec millisecond = {0, 1'000'000};
    nanosleep(&millisecond, nullptr);
  }
  problem = Problem("cannot lock", name, errno);
  return false;
}

// Where the file system knows no such flag, the lock alone keeps others out.
bool RenameWithoutReplacing(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  if (access(to.c_str(), F_OK) == 0) {
    errno = EEXIST;
    return false;
  }
  return rename(from.c_str(), to.c_str()) == 0;
}

bool SetAside(const std::string& path, std::string& problem) {
  for (char number = '1'; number < '9'; ++number) {
    if (RenameWithoutReplacing(path, path + ".damaged-" + number)) return true;
    if (errno != EEXIST) break;
  }
  if (errno == EEXIST && rename(path.c_str(), (path + ".damaged-9").c_str()) == 0) return true;
  problem = Problem("cannot set aside the damaged", path, errno);
  return false;
}

// 0 or an errno.
int FillNew(int fd) {
  if (const int error = LimitOfFileSize(); error != 0) return error;
  int error = 0;
  do {
    error = posix_fallocate(fd, 0, sizeof(Layout));
  } while (error == EINTR);
  if (error != 0) return error;
  const LayoutHeader header = NewHeader();
  const ssize_t size = pwrite(fd, &header, sizeof(header), 0);
  if (size < 0) return errno;
  if (size != sizeof(header)) return ENOSPC;
  return fsync(fd) == 0 ? 0 : errno;
}

// The name is as durable as the header, or a power cut would start another epoch.
void SyncFolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const OwnedFd fd(OpenAboveStandard(folder.c_str(), O_RDONLY | O_DIRECTORY, 0));
  if (fd.get() >= 0) fsync(fd.get());
}

bool Create(const std::string& path, std::string& problem) {
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());  // Of a process that died here.
  const OwnedFd fd(OpenAboveStandard(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
  int error = fd.get() < 0 ? errno : FillNew(fd.get());
  if (error == 0 && !RenameWithoutReplacing(fresh, path) && errno != EEXIST) error = errno;
  if (error != 0) {
    problem = Problem("cannot make", path, error);
    if (fd.get() >= 0) unlink(fresh.c_str());
    return false;
  }
  SyncFolderOf(path);
  return true;
}

bool OpenOrMake(const std::string& path, OwnedFd& fd, std::string& problem) {
  State state = Examine(path, fd, problem);
  if (state == State::kGood || state == State::kFailed) return state == State::kGood;
  OwnedFd lock;
  if (!LockPath(path, lock, problem)) return false;
  // Another process may have done it meanwhile.
  state = Examine(path, fd, problem);
  if (state == State::kDamaged && !SetAside(path, problem)) return false;
  if (state == State::kAbsent || state == State::kDamaged) {
    if (!Create(path, problem)) return false;
    state = Examine(path, fd, problem);
  }
  if (state == State::kDamaged || state == State::kAbsent) {
    problem = path + " is changed by others all the time";
  }
  return state == State::kGood;
}

}  // namespace

CounterFile OpenCounterFile(const std::string& path) {
  CounterFile file;
  OwnedFd fd;
  if (!OpenOrMake(path, fd, file.problem)) return file;
  void* const at = mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (at == MAP_FAILED) {
    file.problem = Problem("cannot map", path, errno);
    return file;
  }
  file.layout = static_cast<Layout*>(at);
  file.fd = fd.Release();
  return file;
}

Layout* MapCounterMemory() {
  const LayoutHeader header = NewHeader();
  void* const at = mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  auto* const layout = static_cast<Layout*>(at);
  layout->header = header;
  return layout;
}

int OpenAboveStandard(const char* path, int flags, mode_t mode) noexcept {
  const int fd = open(path, flags | O_CLOEXEC, mode);
  if (fd < 0 || fd > STDERR_FILENO) return fd;
  const int higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  const int error = errno;
  close(fd);
  errno = error;
  return higher;
}

}  // namespace candor
