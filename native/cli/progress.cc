#include "native/cli/progress.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace candor {

Progress::Progress(std::string what) : what_(std::move(what)) {
  if (::isatty(STDERR_FILENO) == 1) thread_ = std::thread([this] { Run(); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ends_.notify_one();
  thread_.join();
  std::fputs("\r\033[K", stderr);
}

void Progress::Run() {
  std::unique_lock lock(mutex_);
  for (int seconds = 0; !ended_; ++seconds) {
    std::fprintf(stderr, "\r%s ... %d s", what_.c_str(), seconds);
    ends_.wait_for(lock, std::chrono::seconds(1), [this] { return ended_; });
  }
}

}  // namespace candor
