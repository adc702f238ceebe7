#include "native/counters/slab_pool.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "native/counters/counter_file.h"

namespace candor {

using counters_detail::kPlaces;
using counters_detail::thread_cells;
using counters_detail::ThreadCells;

constinit thread_local ThreadCells counters_detail::thread_cells = {};

// Every pool and every thread that has cells of its own. One lock for all, as it is taken only when
// threads, pools and processes begin and end; nothing is allocated and nobody waited for under it.
class SlabRegistry {
 public:
  // What a thread holds, by place.
  struct Holdings {
    Holdings* previous = nullptr;
    Holdings* next = nullptr;
    ThreadCells* cells = nullptr;
    bool known = false;   // In the list, and given back when the thread ends.
    bool closed = false;  // Ended, or within the lock: cells are not for this thread now.
    bool closed_before_fork = false;
    std::array<std::uint8_t, kPlaces> slab = {};
    // There was none: so many additions go to the overflow slab before asking again.
    std::array<std::uint32_t, kPlaces> pause = {};
  };

  static std::size_t Enter(SlabPool& pool);
  static void Leave(const SlabPool& pool);
  static CounterCell* Cells(SlabPool& pool) noexcept;

 private:
  // Holds the lock. Whatever this thread is called back for meanwhile finds its cells closed.
  class Guard {
   public:
    Guard() : was_closed_(std::exchange(mine_.closed, true)) { pthread_mutex_lock(&lock_); }
    ~Guard() {
      pthread_mutex_unlock(&lock_);
      mine_.closed = was_closed_;
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    const bool was_closed_;
  };

  static constexpr std::uint32_t kPause = 65536;

  static void SetUp();
  static bool MakeKnown() noexcept;
  static void ThreadEnds(void* holdings);
  static void BeforeFork();
  static void AfterForkInParent();
  static void AfterForkInChild();

  static constinit thread_local Holdings mine_;
  static constinit pthread_mutex_t lock_;
  static constinit std::array<SlabPool*, kPlaces> pools_;
  static constinit Holdings* threads_;
  static pthread_key_t key_;
  static bool ready_;
};

constinit thread_local SlabRegistry::Holdings SlabRegistry::mine_ = {};
constinit pthread_mutex_t SlabRegistry::lock_ = PTHREAD_MUTEX_INITIALIZER;
constinit std::array<SlabPool*, kPlaces> SlabRegistry::pools_ = {};
constinit SlabRegistry::Holdings* SlabRegistry::threads_ = nullptr;
pthread_key_t SlabRegistry::key_;
bool SlabRegistry::ready_ = false;

// A key rather than a thread_local object: when memory is short, registering the destructor of such
// an object ends the program.
void SlabRegistry::SetUp() {
  ready_ = pthread_key_create(&key_, ThreadEnds) == 0 &&
           pthread_atfork(BeforeFork, AfterForkInParent, AfterForkInChild) == 0;
}

// Without a place (too many pools, or no notice of forks) all threads use the overflow slab.
std::size_t SlabRegistry::Enter(SlabPool& pool) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, SetUp);
  if (!ready_) return kPlaces;
  const Guard guard;
  const auto free = std::find(pools_.begin(), pools_.end(), nullptr);
  if (free != pools_.end()) *free = &pool;
  return static_cast<std::size_t>(free - pools_.begin());
}

void SlabRegistry::Leave(const SlabPool& pool) {
  if (pool.place() == kPlaces) return;
  const Guard guard;
  pools_[pool.place()] = nullptr;
  mine_.pause[pool.place()] = 0;
  for (Holdings* thread = threads_; thread != nullptr; thread = thread->next) {
    (*thread->cells)[pool.place()].store(nullptr, std::memory_order_relaxed);
    thread->pause[pool.place()] = 0;
  }
}

CounterCell* SlabRegistry::Cells(SlabPool& pool) noexcept {
  const std::size_t place = pool.place();
  if (place == kPlaces || mine_.closed) return nullptr;
  if (mine_.pause[place] > 0) {
    --mine_.pause[place];
    return nullptr;
  }
  const Guard guard;
  const int slab = MakeKnown() ? pool.Claim() : -1;
  if (slab < 0) {
    mine_.pause[place] = kPause;
    return nullptr;
  }
  mine_.slab[place] = static_cast<std::uint8_t>(slab);
  CounterCell* const cells = pool.layout_.slabs[static_cast<std::size_t>(slab)].data();
  thread_cells[place].store(cells, std::memory_order_relaxed);
  return cells;
}

bool SlabRegistry::MakeKnown() noexcept {
  if (mine_.known) return true;
  if (pthread_setspecific(key_, &mine_) != 0) return false;
  mine_.known = true;
  mine_.cells = &thread_cells;
  mine_.previous = nullptr;
  mine_.next = threads_;
  if (threads_ != nullptr) threads_->previous = &mine_;
  threads_ = &mine_;
  return true;
}

void SlabRegistry::ThreadEnds(void* /*holdings*/) {
  mine_.closed = true;  // For good: other keys' destructors may still count.
  const Guard guard;
  for (std::size_t place = 0; place < kPlaces; ++place) {
    if (thread_cells[place].exchange(nullptr, std::memory_order_relaxed) == nullptr) continue;
    pools_[place]->Release(mine_.slab[place]);
  }
  (mine_.previous != nullptr ? mine_.previous->next : threads_) = mine_.next;
  if (mine_.next != nullptr) mine_.next->previous = mine_.previous;
  mine_.known = false;
}

// Other handlers may count while the lock is held: they find the cells closed.
void SlabRegistry::BeforeFork() {
  mine_.closed_before_fork = std::exchange(mine_.closed, true);
  pthread_mutex_lock(&lock_);
}

void SlabRegistry::AfterForkInParent() {
  pthread_mutex_unlock(&lock_);
  mine_.closed = mine_.closed_before_fork;
}

// Of the threads only this one lives on, and all slabs are the parent's.
void SlabRegistry::AfterForkInChild() {
  for (auto& cells : thread_cells) cells.store(nullptr, std::memory_order_relaxed);
  mine_.pause = {};
  mine_.previous = mine_.next = nullptr;
  threads_ = mine_.known ? &mine_ : nullptr;
  for (SlabPool* pool : pools_) {
    if (pool == nullptr) continue;
    pool->owners_ = {};
    pool->spare_ = 0;
    pool->forked_ = true;
  }
  pthread_mutex_unlock(&lock_);
  mine_.closed = mine_.closed_before_fork;
}

// ---- SlabPool

namespace {

constexpr std::size_t kMostSpare = 4;

bool SetLock(int fd, short type, std::size_t slab) noexcept {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(slab);
  lock.l_len = 1;
  return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

}  // namespace

SlabPool::SlabPool(Layout& layout, int fd, const char* path) noexcept
    : layout_(layout), fd_(fd), path_(path), in_memory_(fd < 0) {
  if (!in_memory_) fstat(fd_, &file_);
  place_ = SlabRegistry::Enter(*this);
}

SlabPool::~SlabPool() {
  SlabRegistry::Leave(*this);
  if (IsOurFile(fd_)) close(fd_);
}

CounterCell* SlabPool::CellsOfThisThread() noexcept { return SlabRegistry::Cells(*this); }

int SlabPool::Claim() noexcept {
  if (const auto spare = std::find(owners_.begin(), owners_.end(), Owner::kSpare);
      spare != owners_.end()) {
    *spare = Owner::kThread;
    --spare_;
    return static_cast<int>(spare - owners_.begin());
  }
  if (in_memory_ && forked_) return -1;  // Nothing tells which slabs the parent has.
  if (!in_memory_ && (forked_ || !IsOurFile(fd_))) Reopen();
  if (!in_memory_ && forked_) return -1;
  for (std::size_t tried = 0; tried < kSlabs; ++tried) {
    const std::size_t slab = next_;
    next_ = (next_ + 1) % kSlabs;
    if (owners_[slab] != Owner::kOthers || !Lock(slab)) continue;
    owners_[slab] = Owner::kThread;
    return static_cast<int>(slab);
  }
  return -1;
}

bool SlabPool::Lock(std::size_t slab) noexcept { return in_memory_ || SetLock(fd_, F_WRLCK, slab); }

// A few are kept for the next threads; the others are for other processes.
void SlabPool::Release(std::size_t slab) noexcept {
  if (!in_memory_ && spare_ >= kMostSpare && SetLock(fd_, F_UNLCK, slab)) {
    owners_[slab] = Owner::kOthers;
    return;
  }
  owners_[slab] = Owner::kSpare;
  ++spare_;
}

// The host may have closed the descriptor, or put another file in its number; then what this
// process has is locked anew.
void SlabPool::Reopen() noexcept {
  const bool inherited = IsOurFile(fd_);
  int fd = OpenAboveStandard(path_, O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0);
  if (!IsOurFile(fd) && inherited) {  // It was renamed, or the path was a relative one.
    if (fd >= 0) close(fd);
    std::array<char, 32> self;
    std::snprintf(self.data(), self.size(), "/proc/self/fd/%d", fd_);
    fd = OpenAboveStandard(self.data(), O_RDWR, 0);
  }
  if (!IsOurFile(fd)) {
    if (fd >= 0) close(fd);
    forked_ = true;
    return;
  }
  if (inherited) close(fd_);
  fd_ = fd;
  forked_ = false;
  for (std::size_t slab = 0; slab < kSlabs; ++slab) {
    if (owners_[slab] != Owner::kOthers) SetLock(fd_, F_WRLCK, slab);
  }
}

bool SlabPool::IsOurFile(int fd) const noexcept {
  struct stat now = {};
  return fd >= 0 && fstat(fd, &now) == 0 && now.st_dev == file_.st_dev &&
         now.st_ino == file_.st_ino;
}

}  // namespace candor
