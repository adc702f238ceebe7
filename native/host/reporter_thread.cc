#include "native/host/reporter_thread.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>

namespace candor {
namespace {

// curl and SQLite want some; a default of 8 MiB would count against a host's limits.
constexpr std::size_t kStackBytes = std::size_t{512} << 10;
// For what happens after the work was told to hurry: one or two transactions.
constexpr std::int64_t kMarginMs = 400;

void Drain(int descriptor) {
  std::uint64_t count = 0;
  while (::read(descriptor, &count, sizeof count) > 0) {
  }
}

// CLOCK_BOOTTIME goes on while the machine sleeps, so that a due time is not put off by it.
void SetTimer(int timer, std::optional<std::int64_t> delay_ms) {
  itimerspec when{};
  if (delay_ms) {
    when.it_value.tv_sec = *delay_ms / 1000;
    when.it_value.tv_nsec = *delay_ms % 1000 * 1'000'000;
    if (*delay_ms <= 0) when.it_value.tv_nsec = 1;
  }
  ::timerfd_settime(timer, 0, &when, nullptr);
}

}  // namespace

struct ReporterThread::Shared {
  ~Shared() {
    for (const int descriptor : {event, timer}) {
      if (descriptor >= 0) ::close(descriptor);
    }
  }

  std::shared_ptr<ReporterWork> work;
  int event = -1, timer = -1;
  pthread_t thread = {};
  pid_t process = 0;
  std::atomic<bool> stopping{false};
  std::mutex mutex;
  std::condition_variable ended_changed;
  bool ended = false;

  void Wake() const noexcept {
    const std::uint64_t one = 1;
    // A full counter wakes all the same.
    static_cast<void>(!::write(event, &one, sizeof one));
  }

  void Run() {
    while (!stopping.load()) {
      SetTimer(timer, work->Turn());
      if (stopping.load()) break;
      std::array<pollfd, 3> waits = {
          {{event, POLLIN, 0}, {timer, POLLIN, 0}, {work->change_descriptor(), POLLIN, 0}}};
      ::poll(waits.data(), waits.size(), -1);
      Drain(event);
      Drain(timer);
      work->DrainChanges();
    }
    work->LastTurn();
    End();
  }

  // The work goes before the end is told: afterwards the host may be gone.
  void End() {
    std::shared_ptr<ReporterWork> done;
    {
      const std::lock_guard lock(mutex);
      done = std::move(work);
    }
    done.reset();
    const std::lock_guard lock(mutex);
    ended = true;
    ended_changed.notify_all();
  }
};

namespace {

template <typename Shared>
void* Main(void* argument) {
  const std::unique_ptr<std::shared_ptr<Shared>> shared(
      static_cast<std::shared_ptr<Shared>*>(argument));
  (*shared)->Run();
  return nullptr;
}

// The host's signals are the host's: this thread takes none.
bool Spawn(void* (*main)(void*), void* argument, pthread_t* thread) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  sigset_t all;
  sigfillset(&all);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setsigmask_np(&attributes, &all);
  const bool made = pthread_create(thread, &attributes, main, argument) == 0;
  if (made) pthread_setname_np(*thread, "candor");
  pthread_attr_destroy(&attributes);
  return made;
}

}  // namespace

ReporterThread::~ReporterThread() { Stop(0); }

void ReporterThread::ForgetParents() noexcept {
  if (shared_ == nullptr || shared_->process == ::getpid()) return;
  // Lost on purpose: a database connection must not even be closed on this side of a fork.
  new (std::nothrow) std::shared_ptr<Shared>(std::move(shared_));
  shared_ = nullptr;
}

bool ReporterThread::Start(std::shared_ptr<ReporterWork> work) noexcept try {
  ForgetParents();
  if (shared_ != nullptr) return true;
  auto shared = std::make_shared<Shared>();
  shared->work = std::move(work);
  shared->process = ::getpid();
  shared->event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  shared->timer = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (shared->event < 0 || shared->timer < 0) return false;
  auto argument = std::make_unique<std::shared_ptr<Shared>>(shared);
  if (!Spawn(&Main<Shared>, argument.get(), &shared->thread)) return false;
  static_cast<void>(argument.release());
  shared_ = std::move(shared);
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

bool ReporterThread::running() const noexcept {
  return shared_ != nullptr && shared_->process == ::getpid();
}

void ReporterThread::Wake() noexcept {
  if (running()) shared_->Wake();
}

std::function<bool()> ReporterThread::Waker() const {
  return [thread = std::weak_ptr<Shared>(shared_)] {
    const std::shared_ptr<Shared> shared = thread.lock();
    if (shared == nullptr || shared->process != ::getpid() || shared->stopping.load()) return false;
    shared->Wake();
    return true;
  };
}

bool ReporterThread::Stop(std::int64_t budget_ms) noexcept {
  ForgetParents();
  if (shared_ == nullptr) return true;
  const std::shared_ptr<Shared> shared = std::move(shared_);
  shared_ = nullptr;
  shared->stopping.store(true);
  std::shared_ptr<ReporterWork> work;
  {
    const std::lock_guard lock(shared->mutex);
    work = shared->work;
  }
  if (work != nullptr) work->Hurry(budget_ms);
  work.reset();
  shared->Wake();
  std::unique_lock lock(shared->mutex);
  const bool ended = shared->ended_changed.wait_for(
      lock, std::chrono::milliseconds(budget_ms + kMarginMs), [&shared] { return shared->ended; });
  lock.unlock();
  // What libraries clean up at a thread's end must not meet what they clean up at the program's.
  if (ended) {
    pthread_join(shared->thread, nullptr);
  } else {
    pthread_detach(shared->thread);
  }
  return ended;
}

}  // namespace candor
