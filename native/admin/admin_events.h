// What happens, told to every page that listens (GET /api/v1/events). Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "native/admin/admin_request.h"
#include "native/http/event_stream.h"

namespace candor {

class AdminEvents {
 public:
  static constexpr std::size_t kMostStreams = 64;

  // `every`: how often a comment is sent while nothing happens, which also finds out who is gone.
  explicit AdminEvents(std::chrono::milliseconds every = std::chrono::seconds(25));
  // Ends all streams.
  ~AdminEvents();
  AdminEvents(const AdminEvents&) = delete;
  AdminEvents& operator=(const AdminEvents&) = delete;

  // "status" (consent, reports or schedule changed) or "components" (a round ended), to everybody.
  void Publish(std::string_view event);
  // The session has ended: its streams say so and end.
  void EndSession(std::string_view session);
  // So do those of a user who is gone or whose role or password changed.
  void EndUser(std::string_view user);

  // A new stream for `caller`; nullptr when there are kMostStreams. `still_in` is asked with every
  // comment, on a thread of this object's; false ends the stream.
  std::shared_ptr<EventStream> Open(const Caller& caller,
                                    std::function<bool(const Caller&)> still_in);
  // How many there are.
  std::size_t streams();
  // `tell` is called with every new stream; nullptr for nobody. It must not call this object.
  void WhenOpened(std::function<void()> tell);

 private:
  struct Listener {
    Caller caller;
    std::function<bool(const Caller&)> still_in;
    std::shared_ptr<EventStream> stream;
  };
  void Run();
  static void SayEnd(const Listener& listener);
  void EndWhere(const std::function<bool(const Caller&)>& matches);
  void DropEnded();

  const std::chrono::milliseconds every_;
  std::mutex mutex_;  // Of all below.
  std::condition_variable changed_;
  std::vector<Listener> listeners_;
  std::function<void()> opened_;
  bool stopping_ = false;
  std::thread thread_;  // Sleeps while nobody listens; begins with the first who does.
};

}  // namespace candor
