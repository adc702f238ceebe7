// Campaigns against `candor serve`. Each ends in its totals and fails when a law was broken.
//
//   daemon_faults kills LIVES [SEED]     SIGKILL and SIGTERM at random moments
//   daemon_faults counts LIVES [SEED]    the same while programs count through the local API
//   daemon_faults files STEPS [SEED]     fact files that come, go, break and lie
//   daemon_faults clock JUMPS [SEED]     the daemon's wall clock jumps, while it runs or not
//   daemon_faults disk ROUNDS [SEED]     the disk of the state is full, and then is not
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/faults/daemon_campaigns.h"

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  const std::uint64_t times = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 20'261'121;
  std::signal(SIGPIPE, SIG_IGN);
  if (times > 0 && name == "kills") return candor::DaemonKills(times, seed, false);
  if (times > 0 && name == "counts") return candor::DaemonKills(times, seed, true);
  if (times > 0 && name == "files") return candor::DaemonFiles(times, seed);
  if (times > 0 && name == "clock") return candor::DaemonClock(times, seed);
  if (times > 0 && name == "disk") return candor::DaemonDisk(times, seed);
  std::fprintf(stderr, "usage: daemon_faults kills|counts|files|clock|disk TIMES [SEED]\n");
  return 2;
}
