// Being told, in a child made by fork(), that this is a child.
//
// Locks, database connections and inotify descriptors must not be used on both sides of a fork.
#pragma once

namespace candor {

class ForkWatch {
 public:
  ForkWatch(const ForkWatch&) = delete;
  ForkWatch& operator=(const ForkWatch&) = delete;

 protected:
  ForkWatch() = default;
  virtual ~ForkWatch() = default;
  // From the end of the outermost constructor to the start of its destructor.
  void Watch();
  void Unwatch();
  // In the child, before fork() returns there: only what is safe in a signal handler.
  virtual void AfterForkInChild() noexcept = 0;

 private:
  friend class ForkWatchList;
  ForkWatch* before_ = nullptr;
  ForkWatch* after_ = nullptr;
};

}  // namespace candor
