// "Send now": wished by whoever may, heard by the reporter's thread. Safe from any thread.
#pragma once

#include <functional>
#include <mutex>
#include <new>
#include <utility>

namespace candor {

class SendWish {
 public:
  enum class Made { kBegun, kUnderWay, kNobodyHears };

  // A thread hears wishes from now on. `wake` asks it for a turn; false: it has ended.
  void HeardBy(std::function<bool()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
    made_ = false;
  }
  Made Make() {
    const std::lock_guard lock(mutex_);
    if (wake_ == nullptr) return Made::kNobodyHears;
    const bool before = std::exchange(made_, true);
    if (!wake_()) return Made::kNobodyHears;
    return before ? Made::kUnderWay : Made::kBegun;
  }

  // For the thread that hears.
  bool IsMade() {
    const std::lock_guard lock(mutex_);
    return made_;
  }
  void Done() {
    const std::lock_guard lock(mutex_);
    made_ = false;
  }
  // In the child of a fork: another thread's lock is nobody's there.
  void ResetLock() noexcept { new (&mutex_) std::mutex; }

 private:
  std::mutex mutex_;
  std::function<bool()> wake_;
  bool made_ = false;  // Until it is done.
};

}  // namespace candor
