#include "native/http/event_stream.h"

#include <algorithm>
#include <utility>

namespace candor {

bool EventStream::Send(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (ended_ || gone_) return false;
  if (waiting_.size() + bytes.size() > kMostWaitingBytes) {
    // An event that is missing would be believed not to have been; who connects again looks anew.
    waiting_.clear();
    ended_ = true;
  } else {
    waiting_ += bytes;
  }
  Wake();
  return !ended_;
}

void EventStream::End() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  Wake();
}

bool EventStream::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_ || gone_;
}

std::ptrdiff_t EventStream::Take(char* to, std::size_t size, const std::function<void()>& wait,
                                 std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() && ended_) return -1;
  if (waiting_.empty()) {
    wait();
    wake_ = std::move(wake);
    return 0;
  }
  const std::size_t taken = std::min(size, waiting_.size());
  std::copy_n(waiting_.data(), taken, to);
  waiting_.erase(0, taken);
  return static_cast<std::ptrdiff_t>(taken);
}

void EventStream::Leave() {
  const std::lock_guard lock(mutex_);
  gone_ = true;
  wake_ = nullptr;
}

// With the mutex held, so that nobody is woken who has left.
void EventStream::Wake() {
  if (wake_ != nullptr) std::exchange(wake_, nullptr)();
}

}  // namespace candor
