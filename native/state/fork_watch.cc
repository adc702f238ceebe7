#include "native/state/fork_watch.h"

#include <pthread.h>

#include <mutex>

namespace candor {

// Locked for a few instructions only, so that fork() in the host never waits for a disk.
class ForkWatchList {
 public:
  static void Add(ForkWatch* watch) {
    static const int registered = pthread_atfork(Before, After, InChild);
    static_cast<void>(registered);
    const std::lock_guard<std::mutex> lock(mutex_);
    watch->after_ = first_;
    if (first_ != nullptr) first_->before_ = watch;
    first_ = watch;
  }
  static void Remove(ForkWatch* watch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    (watch->before_ == nullptr ? first_ : watch->before_->after_) = watch->after_;
    if (watch->after_ != nullptr) watch->after_->before_ = watch->before_;
  }

 private:
  static void Before() { mutex_.lock(); }
  static void After() { mutex_.unlock(); }
  static void InChild() {
    for (ForkWatch* watch = first_; watch != nullptr; watch = watch->after_) {
      watch->AfterForkInChild();
    }
    mutex_.unlock();
  }

  static inline std::mutex mutex_;
  static inline ForkWatch* first_ = nullptr;
};

void ForkWatch::Watch() { ForkWatchList::Add(this); }
void ForkWatch::Unwatch() { ForkWatchList::Remove(this); }

}  // namespace candor
