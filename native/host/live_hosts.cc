#include "native/host/live_hosts.h"

#include <pthread.h>

#include <mutex>

namespace candor {
namespace {

// Never destroyed: a fork may come after the last static destructor.
std::mutex& Mutex() {
  static auto* const mutex = new std::mutex;
  return *mutex;
}
ForkNotice* first = nullptr;

void Prepare() {
  Mutex().lock();
  for (ForkNotice* notice = first; notice != nullptr; notice = notice->next()) {
    notice->host().BeforeFork();
  }
}
void Parent() {
  for (ForkNotice* notice = first; notice != nullptr; notice = notice->next()) {
    notice->host().AfterForkInParent();
  }
  Mutex().unlock();
}
void Child() {
  for (ForkNotice* notice = first; notice != nullptr; notice = notice->next()) {
    notice->host().AfterForkInChild();
  }
  Mutex().unlock();
}

}  // namespace

ForkNotice::ForkNotice(LiveHost& host) : host_(host) {
  static const bool registered = pthread_atfork(Prepare, Parent, Child) == 0;
  static_cast<void>(registered);
  const std::lock_guard lock(Mutex());
  next_ = first;
  first = this;
}

ForkNotice::~ForkNotice() {
  const std::lock_guard lock(Mutex());
  ForkNotice** place = &first;
  while (*place != this) place = &(*place)->next_;
  *place = next_;
}

}  // namespace candor
