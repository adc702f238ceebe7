#include "native/admin/change_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <utility>

#include "native/state/open_store.h"

namespace candor {
namespace {

// Many changes at once are one event.
constexpr std::chrono::milliseconds kPause{100};
// Somebody listened then; whether anybody still does. And for a store that cannot be read.
constexpr int kLookAgainMs = 30'000, kRetryMs = 5'000;

}  // namespace

ChangeWatch::ChangeWatch(AdminEvents& events)
    : events_(events), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  thread_ = std::thread([this] { Run(); });
  events_.WhenOpened([this] { Wake(); });
}

ChangeWatch::~ChangeWatch() {
  events_.WhenOpened(nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  Wake();
  thread_.join();
  ::close(wake_);
}

void ChangeWatch::Use(std::shared_ptr<AdminTarget> target) {
  {
    const std::lock_guard lock(mutex_);
    target_ = std::move(target);
  }
  Wake();
  events_.Publish("status");
  events_.Publish("components");
}

void ChangeWatch::Wake() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_, &one, sizeof one));
}

std::shared_ptr<AdminTarget> ChangeWatch::Wanted() {
  if (events_.streams() == 0) return nullptr;
  const std::lock_guard lock(mutex_);
  return target_;
}

void ChangeWatch::Run() {
  Watched watched;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    const std::shared_ptr<AdminTarget> wanted = Wanted();
    if (wanted != watched.target) watched = {wanted, nullptr, std::nullopt};
    int most_ms = -1;
    try {
      if (wanted != nullptr && !wanted->HasNoState()) Look(watched);
      if (wanted != nullptr) most_ms = watched.store != nullptr ? kLookAgainMs : kRetryMs;
    } catch (const std::exception&) {
      // Without memory a page learns of a change when it asks.
      watched.store.reset();
      most_ms = kRetryMs;
    }
    Wait(watched, most_ms);
  }
}

void ChangeWatch::Look(Watched& watched) {
  if (watched.store == nullptr) {
    Result<std::unique_ptr<StateStore>> opened = OpenStateStore(watched.target->core().place);
    if (!opened.ok()) return;
    watched.store = std::move(opened).value();
    // What changes from here on is noticed.
    watched.store->change_descriptor();
  }
  watched.store->DrainChanges();
  const Result<Snapshot> now = watched.store->Read();
  if (!now.ok()) {
    watched.store.reset();
    return;
  }
  // What happened before somebody listened, they read.
  const bool changed = watched.revision && *watched.revision != now.value().revision;
  watched.revision = now.value().revision;
  if (!changed) return;
  events_.Publish("status");
  std::this_thread::sleep_for(kPause);
}

void ChangeWatch::Wait(const Watched& watched, int most_ms) {
  std::array<pollfd, 2> waits = {{{wake_, POLLIN, 0}, {-1, POLLIN, 0}}};
  if (watched.store != nullptr) waits[1].fd = watched.store->change_descriptor();
  ::poll(waits.data(), waits.size(), most_ms);
  std::uint64_t count = 0;
  static_cast<void>(!::read(wake_, &count, sizeof count));
}

}  // namespace candor
