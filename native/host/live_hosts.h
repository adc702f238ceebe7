// Every host object alive, so that a fork finds none of them in the middle of something.
#pragma once

namespace candor {

class LiveHost {
 public:
  virtual ~LiveHost() = default;
  // Around fork(), on the thread that forks.
  virtual void BeforeFork() noexcept = 0;
  virtual void AfterForkInParent() noexcept = 0;
  virtual void AfterForkInChild() noexcept = 0;
};

// While it lives, forks tell `host`. To be the last member of what it tells.
class ForkNotice {
 public:
  explicit ForkNotice(LiveHost& host);
  ~ForkNotice();
  ForkNotice(const ForkNotice&) = delete;
  ForkNotice& operator=(const ForkNotice&) = delete;

  LiveHost& host() { return host_; }
  ForkNotice* next() { return next_; }

 private:
  LiveHost& host_;
  ForkNotice* next_ = nullptr;
};

}  // namespace candor
