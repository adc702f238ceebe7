// Locks between processes, and between stores of one process, on single bytes of a file.
//
// They belong to an open file description (Linux's OFD locks), so each object has its own, and all
// of an object's locks end with it and with the process. A child made by fork() shares none of
// them: they are dropped there.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "native/state/fork_watch.h"
#include "native/state/state_store.h"

namespace candor {

class StateLock : public SenderLock, private ForkWatch {
 public:
  enum class Place {
    kInUse = 0,    // Shared by whoever has the store open; alone by who sets it aside.
    kSender = 1,   // Alone by who sends.
    kOpening = 2,  // Alone by who opens, creates or repairs.
  };
  enum class How { kShared, kAlone };
  enum class Answer { kMine, kTaken, kFailed };

  // Errors: kUnavailable.
  static Result<std::unique_ptr<StateLock>> Open(const std::string& folder);
  ~StateLock() override;
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

  // A shared lock becomes one alone, and the other way round. kFailed leaves the reason in errno.
  Answer Try(Place place, How how);
  // Tries for at most `ms`.
  Answer Wait(Place place, How how, int ms);
  void Release(Place place);

 private:
  explicit StateLock(int file) : file_(file) { Watch(); }
  void AfterForkInChild() noexcept override;

  int file_;
};

}  // namespace candor
