// Campaigns against a living reporter. Each ends in its totals and fails when a law was broken.
//
//   faults kills ROUNDS [SEED]        kill -9 at random moments, two to four processes at once
//   faults syscall-kills EVERY        a kill at every EVERYth system call of a scripted life
//   faults errors EVERY               every EVERYth system call of files and sockets fails, once
//                                     and for ever, with six errors
//   faults silence ROUNDS             lives that nobody agreed to: no socket, no report on disk
//   faults allocations EVERY          every EVERYth allocation fails, once and for ever
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "native/state/sqlite_store.h"
#include "tests/faults/life_lab.h"

namespace candor {
namespace {

constexpr char kExpected[] = "work begins\nwork done: 100\n";
constexpr std::int64_t kMaxStopMs = 2'000;
constexpr int kSkipped = 77;

struct Totals {
  std::uint64_t rounds = 0, lost = 0, doubled = 0, broken = 0;
  std::int64_t longest_stop_ms = 0;

  void Add(const LifeLab::Sum& sum, const std::string& where) {
    lost += sum.lost;
    doubled += sum.doubled;
    if (sum.lost + sum.doubled > 0 || !sum.problem.empty()) {
      std::printf("%s: %llu lost, %llu doubled %s\n", where.c_str(),
                  static_cast<unsigned long long>(sum.lost),
                  static_cast<unsigned long long>(sum.doubled), sum.problem.c_str());
    }
    if (!sum.problem.empty()) ++broken;
  }
  // The host must not have noticed anything.
  void Add(const LifeEnd& end, const std::string& where) {
    ++rounds;
    longest_stop_ms = std::max(longest_stop_ms, end.stop_ms);
    const bool good = WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0 &&
                      end.output == kExpected && end.stop_ms <= kMaxStopMs;
    if (good) return;
    ++broken;
    std::printf("%s: the host noticed: status %d, stop %lld ms, output '%s', errors '%s'\n",
                where.c_str(), end.status, static_cast<long long>(end.stop_ms), end.output.c_str(),
                end.errors.c_str());
  }
  int Print(const char* name, std::uint64_t seed) const {
    std::printf(
        "%s: %llu rounds, %llu lost, %llu doubled, %llu broken, longest stop %lld ms, "
        "seed %llu\n",
        name, static_cast<unsigned long long>(rounds), static_cast<unsigned long long>(lost),
        static_cast<unsigned long long>(doubled), static_cast<unsigned long long>(broken),
        static_cast<long long>(longest_stop_ms), static_cast<unsigned long long>(seed));
    return lost + doubled + broken == 0 ? 0 : 1;
  }
};

// One reply in four is lost, and one in eight says that the service is busy.
void MakeServiceUnreliable(LifeLab& lab) {
  Script loses;
  loses.until = Script::Stage::kRequest;
  lab.receiver().Play({});
  std::vector<Script> scripts;
  for (int i = 0; i < 64; ++i) {
    const std::uint64_t draw = lab.Below(8);
    scripts.push_back(draw < 2 ? loses : draw == 2 ? Answers(503) : Script());
  }
  lab.receiver().Play(std::move(scripts));
}

// A clean life after a fault: all that it counts arrives or waits, and what waited goes out.
void Heal(LifeLab& lab, Totals& totals, const std::string& where) {
  const LifeLab::Sum before = lab.AddUp();
  lab.receiver().Play({});
  totals.Add(lab.Run(lab.Life({"--toggle", "on"})), where + ", healing");
  LifeLab::Sum after = lab.AddUp();
  const std::uint64_t counted = after.done - before.done, found = after.found - before.found;
  after.lost = counted > found ? counted - found : 0;
  after.doubled = found > counted ? found - counted : 0;
  totals.Add(after, where + ", healed");
}

int Kills(std::uint64_t rounds, std::uint64_t seed) {
  LifeLab lab(seed);
  Totals totals;
  lab.Run(lab.Life({"--toggle", "on", "--work", "0"}));
  while (totals.rounds < rounds) {
    MakeServiceUnreliable(lab);
    const std::uint64_t processes = 2 + lab.Below(3);
    std::vector<std::thread> lives;
    for (std::uint64_t i = 0; i < processes; ++i) {
      const bool stays = lab.Below(10) == 0;
      const auto kill_after = static_cast<std::int64_t>(lab.Below(stays ? 1'500'000 : 60'000));
      lives.emplace_back([&lab, stays, kill_after] {
        lab.Run(lab.Life({"--work", "2000", "--stay", stays ? "1400" : "0"}), kill_after);
      });
    }
    for (std::thread& life : lives) life.join();
    totals.rounds += processes;
    totals.Add(lab.AddUp(), "round " + std::to_string(totals.rounds));
    if (totals.lost + totals.doubled + totals.broken > 0) break;
  }
  lab.receiver().Play({});
  const LifeEnd end = lab.Run(lab.Life({"--stay", "1500"}));
  totals.Add(end, "the last life");
  totals.Add(lab.AddUp(), "the end");
  return totals.Print("kills", seed);
}

// How many system calls each thread of a life makes at most.
std::uint64_t LongestThread(LifeLab& lab, const std::vector<std::string>& more) {
  const std::string log = "/tmp/candor-strace-" + std::to_string(::getpid());
  lab.RunTraced({"-o", log}, more);
  std::vector<std::pair<std::string, std::uint64_t>> threads;
  if (std::FILE* file = std::fopen(log.c_str(), "r")) {
    char line[4096];
    while (std::fgets(line, sizeof line, file) != nullptr) {
      const std::string thread(line, std::strcspn(line, " "));
      const auto found = std::find_if(threads.begin(), threads.end(),
                                      [&](const auto& item) { return item.first == thread; });
      if (found == threads.end()) {
        threads.emplace_back(thread, 1);
      } else {
        ++found->second;
      }
    }
    std::fclose(file);
    std::remove(log.c_str());
  }
  std::uint64_t longest = 0;
  for (const auto& [thread, calls] : threads) longest = std::max(longest, calls);
  return longest;
}

int SyscallKills(std::uint64_t every) {
  LifeLab lab(1);
  Totals totals;
  struct Script {
    const char* name;
    std::vector<std::string> more;
    bool fresh;
  };
  const std::vector<Script> scripts = {{"a first life", {"--toggle", "on"}, true},
                                       {"a later life", {}, false},
                                       {"a life that says no", {"--toggle", "off"}, false}};
  for (const Script& script : scripts) {
    const auto prepare = [&] {
      if (script.fresh || script.name == scripts[2].name) lab.ForgetState();
      if (!script.fresh) lab.Run(lab.Life({"--toggle", "on"}));
    };
    prepare();
    const std::uint64_t calls = LongestThread(lab, script.more);
    for (std::uint64_t n = 1; n <= calls; n += every) {
      prepare();
      const std::string where = std::string(script.name) + ", call " + std::to_string(n);
      lab.RunTraced({"-o", "/dev/null", "-e", "inject=all:signal=KILL:when=" + std::to_string(n)},
                    script.more);
      ++totals.rounds;
      // A no drops what was counted; before a first yes nothing counts: only doubling would be
      // wrong.
      LifeLab::Sum sum = lab.AddUp();
      if (script.name != scripts[1].name) sum.lost = 0;
      totals.Add(sum, where);
      LifeEnd end = lab.Run(lab.Life({"--toggle", "on"}));
      end.stop_ms = std::max<std::int64_t>(end.stop_ms, 0);
      if (end.output != kExpected) ++totals.broken;
    }
  }
  return totals.Print("syscall-kills", 1);
}

int Errors(std::uint64_t every) {
  constexpr std::array kCalls = {"openat",
                                 "pread64",
                                 "pwrite64",
                                 "read",
                                 "fsync",
                                 "fdatasync",
                                 "ftruncate",
                                 "fallocate",
                                 "mmap",
                                 "munmap",
                                 "fcntl",
                                 "unlink",
                                 "rename",
                                 "link",
                                 "linkat",
                                 "mkdir",
                                 "newfstatat",
                                 "fstat",
                                 "lseek",
                                 "getdents64",
                                 "fchmod",
                                 "utimensat",
                                 "msync",
                                 "inotify_init1",
                                 "inotify_add_watch",
                                 "getrandom",
                                 "eventfd2",
                                 "timerfd_create",
                                 "timerfd_settime",
                                 "socket",
                                 "connect",
                                 "setsockopt",
                                 "getsockopt",
                                 "getsockname",
                                 "getpeername",
                                 "sendto",
                                 "recvfrom",
                                 "poll",
                                 "pipe2",
                                 "socketpair",
                                 "clone3",
                                 "mprotect",
                                 "close"};
  constexpr std::array kErrors = {"ENOSPC", "EIO", "EROFS", "EACCES", "EMFILE", "ENOMEM"};
  LifeLab lab(1);
  Totals totals;
  std::uint64_t number = 0;
  for (const char* call : kCalls) {
    for (const char* error : kErrors) {
      for (const bool for_ever : {false, true}) {
        // Once: the first twelve occurrences of each thread; for ever: from the first or a later
        // one.
        for (const std::uint64_t n : {1, 2, 3, 5, 8, 12}) {
          if (number++ % every != 0) continue;
          lab.ForgetState();
          lab.Run(lab.Life({"--toggle", "on"}));
          const std::string rule = std::string("inject=") + call + ":error=" + error +
                                   ":when=" + std::to_string(n) + (for_ever ? "+" : "");
          const LifeEnd end = lab.RunTraced({"-o", "/dev/null", "-e", rule}, {});
          totals.Add(end, rule);
          LifeLab::Sum sum = lab.AddUp();
          // Counters that could not be mapped live in memory, and end with it.
          sum.lost = 0;
          totals.Add(sum, rule);
          Heal(lab, totals, rule);
        }
      }
    }
  }
  return totals.Print("errors", 1);
}

// How often a life asked for a socket.
std::uint64_t Sockets(LifeLab& lab, const std::vector<std::string>& more) {
  const std::string log = "/tmp/candor-sockets-" + std::to_string(::getpid());
  lab.RunTraced({"-o", log, "-e", "trace=%network"}, more);
  std::uint64_t sockets = 0;
  if (std::FILE* file = std::fopen(log.c_str(), "r")) {
    char line[4096];
    while (std::fgets(line, sizeof line, file) != nullptr) {
      if (std::strstr(line, "socket") != nullptr || std::strstr(line, "connect") != nullptr) {
        ++sockets;
      }
    }
    std::fclose(file);
    std::remove(log.c_str());
  }
  return sockets;
}

int Silence(std::uint64_t rounds) {
  LifeLab lab(1);
  Totals totals;
  const std::string endpoint = lab.receiver().Endpoint();
  const auto online = [&endpoint](const std::string& more) {
    return R"({"mode": "online", "reportingPeriodSeconds": 1, "endpoint": ")" + endpoint + "\"" +
           more + "}";
  };
  const std::vector<std::pair<const char*, std::vector<std::string>>> lives = {
      {"undecided", {"--stay", "1500"}},
      {"denied", {"--toggle", "off", "--stay", "1500"}},
      {"initializeTelemetry false", {"--config", online(R"(, "initializeTelemetry": false)")}},
      {"disabled", {"--config", R"({"mode": "disabled"})"}},
      {"download", {"--config", R"({"mode": "download"})", "--stay", "100"}},
      {"reporter off", {"--config", online(R"(, "reporterActivate": false)")}},
      {"do not track",
       {"--config", online(R"(, "doNotTrack": true, "initializeTelemetry": true)")}},
      {"refused configuration", {"--config", online(R"(, "mod": "online")")}},
  };
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (const auto& [name, more] : lives) {
      lab.ForgetState();
      ++totals.rounds;
      const std::uint64_t sockets = Sockets(lab, more);
      if (sockets != 0) {
        ++totals.broken;
        std::printf("%s: %llu sockets\n", name, static_cast<unsigned long long>(sockets));
      }
      if (!std::filesystem::exists(lab.state() / "state.db")) continue;
      const auto store = OpenSqliteStore(lab.state());
      if (!store.ok() || !store.value()->ListReports(1).value().empty()) {
        ++totals.broken;
        std::printf("%s: a report is on disk\n", name);
      }
    }
  }
  if (lab.receiver().connections() != 0) ++totals.broken;
  // The same look at a life that was agreed to sees its socket.
  lab.ForgetState();
  if (Sockets(lab, {"--toggle", "on"}) == 0) {
    ++totals.broken;
    std::puts("the trace sees nothing");
  }
  return totals.Print("silence", 1);
}

int Allocations(std::uint64_t every) {
  LifeLab lab(1);
  Totals totals;
  lab.Run(lab.Life({"--toggle", "on"}));
  const LifeEnd counted = lab.Run(lab.Life({"--count-allocations"}));
  if (WEXITSTATUS(counted.status) == 3) {
    std::puts("allocations: skipped, this build cannot fail them");
    return kSkipped;
  }
  const std::size_t line = counted.errors.find_last_of('\n', counted.errors.size() - 2);
  const std::uint64_t allocations = std::strtoull(
      counted.errors.c_str() + (line == std::string::npos ? 0 : line + 1), nullptr, 10);
  if (allocations < 100) {
    std::printf("allocations: only %llu were counted\n",
                static_cast<unsigned long long>(allocations));
    return 1;
  }
  for (std::uint64_t n = 1; n <= allocations; n += every) {
    for (const char* mode : {"--fail-allocation", "--fail-allocations-from"}) {
      const std::string where = std::string(mode) + " " + std::to_string(n);
      totals.Add(lab.Run(lab.Life({mode, std::to_string(n)})), where);
      LifeLab::Sum sum = lab.AddUp();
      sum.lost = 0;  // A name that found no memory is not counted.
      totals.Add(sum, where);
    }
  }
  Heal(lab, totals, "the end");
  return totals.Print("allocations", 1);
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::signal(SIGPIPE, SIG_IGN);
  const std::string campaign = argc > 2 ? argv[1] : "";
  const std::uint64_t number = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const bool traced = campaign == "syscall-kills" || campaign == "errors" || campaign == "silence";
  if (traced && !candor::CanTrace()) {
    std::printf("%s: skipped, there is no strace that may attach\n", campaign.c_str());
    return candor::kSkipped;
  }
  if (number > 0 && campaign == "kills") {
    return candor::Kills(number, argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  }
  if (number > 0 && campaign == "syscall-kills") return candor::SyscallKills(number);
  if (number > 0 && campaign == "errors") return candor::Errors(number);
  if (number > 0 && campaign == "allocations") return candor::Allocations(number);
  if (number > 0 && campaign == "silence") return candor::Silence(number);
  std::fprintf(stderr, "faults kills|silence|syscall-kills|errors|allocations NUMBER [SEED]\n");
  return 2;
}
