// An answer that goes on (server-sent events): what is given to it goes out as soon as the other
// side takes it. Thread-safe; may outlive its connection and its server.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace candor {

class EventStream {
 public:
  // What waits for the other side at most; more ends the stream.
  static constexpr std::size_t kMostWaitingBytes = std::size_t{64} << 10;

  // false: it has ended, or does now as the other side is too far behind.
  bool Send(std::string_view bytes);
  // What was given before still goes out.
  void End();
  bool ended() const;

  // For the server. Moves at most `size` bytes to `to`: how many, or -1 at the end. 0 when none are
  // there: `wait` was called, and once there is something to be taken `wake` is, on any thread.
  // Both are called with this object locked.
  std::ptrdiff_t Take(char* to, std::size_t size, const std::function<void()>& wait,
                      std::function<void()> wake);
  // The other side is gone; nothing is called any more when this returns.
  void Leave();

 private:
  void Wake();

  mutable std::mutex mutex_;
  std::string waiting_;
  bool ended_ = false, gone_ = false;
  std::function<void()> wake_;  // While the server waits.
};

}  // namespace candor
