#include "native/state/state_lock.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kName[] = "lock";

int SetLock(int file, StateLock::Place place, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(place);
  lock.l_len = 1;
  int done = 0;
  do {
    done = fcntl(file, F_OFD_SETLK, &lock);
  } while (done != 0 && errno == EINTR);
  return done;
}

void SleepMs(int ms) {
  const timespec pause{ms / 1000, (ms % 1000) * 1'000'000L};
  nanosleep(&pause, nullptr);
}

}  // namespace

Result<std::unique_ptr<StateLock>> StateLock::Open(const std::string& folder) {
  if (auto error = PrepareFile(folder, kName)) return std::move(*error);
  const std::string path = folder + '/' + kName;
  const int file = open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return FileError(path, "cannot be opened", errno);
  return std::unique_ptr<StateLock>(new StateLock(file));
}

StateLock::~StateLock() {
  Unwatch();
  if (file_ < 0) return;
  // A child that was forked without our handlers may hold the same description open.
  for (const Place place : {Place::kInUse, Place::kSender, Place::kOpening}) Release(place);
  close(file_);
}

StateLock::Answer StateLock::Try(Place place, How how) {
  if (SetLock(file_, place, how == How::kShared ? F_RDLCK : F_WRLCK) == 0) return Answer::kMine;
  return errno == EAGAIN || errno == EACCES ? Answer::kTaken : Answer::kFailed;
}

StateLock::Answer StateLock::Wait(Place place, How how, int ms) {
  Answer answer = Try(place, how);
  for (int pause = 1; answer == Answer::kTaken && ms > 0; pause = std::min(pause * 2, 20)) {
    SleepMs(std::min(pause, ms));
    ms -= pause;
    answer = Try(place, how);
  }
  return answer;
}

void StateLock::Release(Place place) { SetLock(file_, place, F_UNLCK); }

void StateLock::AfterForkInChild() noexcept {
  // Closing does not unlock what the parent's descriptor still holds.
  close(file_);
  file_ = -1;
}

}  // namespace candor
