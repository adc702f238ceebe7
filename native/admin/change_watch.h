// What makes the event "status": something was decided, sealed, sent or scheduled, by this program
// or another one. While nobody listens, nothing is watched: no thread wakes up, no store is open.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "native/admin/admin_events.h"
#include "native/admin/admin_target.h"

namespace candor {

class ChangeWatch {
 public:
  // `events` is borrowed, and has to have nobody listening when this ends.
  explicit ChangeWatch(AdminEvents& events);
  ~ChangeWatch();
  ChangeWatch(const ChangeWatch&) = delete;
  ChangeWatch& operator=(const ChangeWatch&) = delete;

  // From now on the state of `target` is watched. Tells that everything may be another one.
  void Use(std::shared_ptr<AdminTarget> target);

 private:
  // The store that is watched, and how far it was when somebody was last told.
  struct Watched {
    std::shared_ptr<AdminTarget> target;
    std::unique_ptr<StateStore> store;
    std::optional<std::int64_t> revision;
  };

  void Run();
  // What is to be watched now.
  std::shared_ptr<AdminTarget> Wanted();
  void Look(Watched& watched);
  // Until something may have changed, or `most_ms` have passed; -1 for ever.
  void Wait(const Watched& watched, int most_ms);
  void Wake();

  AdminEvents& events_;
  const int wake_;    // An eventfd.
  std::mutex mutex_;  // Of all below.
  std::shared_ptr<AdminTarget> target_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace candor
