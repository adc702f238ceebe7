#include "native/base/sigpipe_guard.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace candor {
namespace {

int ClosedPipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  close(ends[0]);
  return ends[1];
}

bool SigpipeIs(int (*query)(sigset_t*)) {
  sigset_t set;
  return query(&set) == 0 && sigismember(&set, SIGPIPE) == 1;
}
int Mask(sigset_t* set) { return pthread_sigmask(SIG_BLOCK, nullptr, set); }

// Without the guard this test ends the program.
TEST(SigpipeGuardTest, AWriteToAClosedPipeOnlyFails) {
  const int end = ClosedPipe();
  {
    const SigpipeGuard guard;
    EXPECT_EQ(write(end, "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
    errno = ENOENT;
  }
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(SigpipeIs(Mask));
  EXPECT_FALSE(SigpipeIs(sigpending));
  close(end);
}

TEST(SigpipeGuardTest, KeepsWhatWasPendingAndBlockedBefore) {
  sigset_t sigpipe;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr);
  raise(SIGPIPE);
  { const SigpipeGuard guard; }
  EXPECT_TRUE(SigpipeIs(Mask));
  EXPECT_TRUE(SigpipeIs(sigpending));
  int signal = 0;
  sigwait(&sigpipe, &signal);
  pthread_sigmask(SIG_UNBLOCK, &sigpipe, nullptr);
}

}  // namespace
}  // namespace candor
