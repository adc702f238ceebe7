// Keeps SIGPIPE away from the host: while one lives, a write to a pipe or socket that was closed
// fails with EPIPE on this thread and raises nothing.
//
// Nothing else about signals changes, for no other thread, and a SIGPIPE that was pending before
// stays pending. Threads started meanwhile begin with SIGPIPE blocked.
#pragma once

#include <signal.h>

namespace candor {

class SigpipeGuard {
 public:
  SigpipeGuard() noexcept;
  // On the same thread.
  ~SigpipeGuard();
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t before_;
  bool was_pending_ = false;
};

}  // namespace candor
