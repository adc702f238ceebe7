#include "tests/soak/counter_kills.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "native/counters/counters.h"

namespace candor {
namespace {

constexpr std::size_t kProcesses = 3;
constexpr std::size_t kThreads = 3;
constexpr std::size_t kNames = 40;
constexpr std::uint64_t kKillsOfAFile = 12;

// What one thread of one process did, by name.
struct Account {
  std::array<std::atomic<std::uint64_t>, kNames> begun;
  std::array<std::atomic<std::uint64_t>, kNames> done;
};
using Accounts = std::array<Account, kProcesses * kThreads>;

std::string NameOf(std::size_t name) { return "name " + std::to_string(name); }

// By read-modify-write: a child of a killed process may still write where the next one begins.
void Raise(std::atomic<std::uint64_t>& value) { value.fetch_add(1); }

void CountSome(Counters& counters, Account& account, std::minstd_rand& random) {
  const std::size_t name = random() % kNames;
  const std::uint32_t counter = counters.Intern(NameOf(name));
  for (int i = 0; i < 200; ++i) {
    Raise(account.begun[name]);
    counters.Add(counter);
    Raise(account.done[name]);
  }
  counters.See(1, NameOf(name), 1'790'000'000'000);
}

// Counts until it is killed. The accounts are three: one for this thread, one for threads that come
// and go, one for what a child of the child counts.
[[noreturn]] void CountForEver(const std::string& path, Account* accounts, std::uint64_t seed) {
  std::minstd_rand random(static_cast<std::uint32_t>(seed));
  Counters counters(path);
  if (!counters.why_in_memory().empty()) _exit(1);
  for (;;) {
    std::thread thread([&, seed_of_thread = random()] {
      std::minstd_rand random_of_thread(seed_of_thread);
      for (int i = 0; i < 5; ++i) CountSome(counters, accounts[1], random_of_thread);
    });
    for (int i = 0; i < 5; ++i) CountSome(counters, accounts[0], random);
    // While the thread counts. The child ends by itself, within moments.
    if (random() % 8 == 0) {
      const pid_t child = fork();
      if (child == 0) {
        CountSome(counters, accounts[2], random);
        _exit(0);
      }
      waitpid(child, nullptr, 0);
    }
    thread.join();
  }
}

template <typename T>
class Shared {
 public:
  Shared()
      : at_(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (at_ == MAP_FAILED) std::abort();
  }
  ~Shared() { munmap(at_, sizeof(T)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  T& operator*() { return *static_cast<T*>(at_); }

 private:
  void* const at_;
};

// Children of killed children end by themselves; none may count beyond the comparison.
void WaitUntilAlone(int end_of_pipe) {
  char byte = 0;
  while (read(end_of_pipe, &byte, 1) > 0) {
  }
}

CounterTally Compare(const std::string& path, Accounts& accounts) {
  const Counters counters(path);
  CounterTally tally;
  std::array<std::uint64_t, kNames> begun = {}, done = {}, found = {};
  for (const Account& account : accounts) {
    for (std::size_t name = 0; name < kNames; ++name) {
      begun[name] += account.begun[name].load();
      done[name] += account.done[name].load();
    }
  }
  for (const auto& [name, value] : counters.Totals().values) {
    found[std::stoul(name.substr(name.find(' ') + 1))] = value;
  }
  for (std::size_t name = 0; name < kNames; ++name) {
    tally.increments += done[name];
    tally.lost += done[name] - std::min(done[name], found[name]);
    tally.doubled += found[name] - std::min(begun[name], found[name]);
  }
  return tally;
}

CounterTally KillSome(const std::string& path, std::uint64_t kills, std::mt19937_64& random) {
  Shared<Accounts> accounts;
  int gate[2];
  if (pipe(gate) != 0) std::abort();
  std::array<pid_t, kProcesses> children = {};
  const auto start = [&](std::size_t process) {
    const std::uint64_t seed = random();
    children[process] = fork();
    if (children[process] == 0) CountForEver(path, &(*accounts)[process * kThreads], seed);
  };
  for (std::size_t process = 0; process < kProcesses; ++process) start(process);
  for (std::uint64_t killed = 0; killed < kills; ++killed) {
    const timespec moment = {0, static_cast<long>(random() % 4'000'000)};
    nanosleep(&moment, nullptr);
    const std::size_t process = random() % kProcesses;
    kill(children[process], SIGKILL);
    waitpid(children[process], nullptr, 0);
    start(process);
  }
  for (const pid_t child : children) kill(child, SIGKILL);
  for (const pid_t child : children) waitpid(child, nullptr, 0);
  close(gate[1]);
  WaitUntilAlone(gate[0]);
  close(gate[0]);
  CounterTally tally = Compare(path, *accounts);
  tally.kills = kills + kProcesses;
  return tally;
}

}  // namespace

CounterTally& CounterTally::operator+=(const CounterTally& other) {
  increments += other.increments;
  lost += other.lost;
  doubled += other.doubled;
  kills += other.kills;
  return *this;
}

CounterTally CountUnderKills(const std::string& folder, std::uint64_t kills, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  CounterTally tally;
  for (int file = 0; tally.kills < kills; ++file) {
    const std::string path = folder + "/counters-" + std::to_string(file);
    tally += KillSome(path, kKillsOfAFile - kProcesses, random);
    unlink(path.c_str());
    unlink((path + ".lock").c_str());
    unlink((path + ".new").c_str());
  }
  return tally;
}

CounterTally CountTogether(const std::string& folder, std::uint64_t increments, int threads,
                           int processes) {
  const std::string path = folder + "/counters-together";
  const std::uint64_t workers = static_cast<std::uint64_t>(threads + 2 * processes);
  const std::uint64_t each = increments / workers;
  const auto work = [each](Counters& counters) {
    const std::uint32_t counter = counters.Intern("together");
    for (std::uint64_t i = 0; i < each; ++i) counters.Add(counter);
  };
  const auto work_in = [&](int count) {
    Counters counters(path);
    std::vector<std::jthread> all;
    for (int i = 0; i < count; ++i) all.emplace_back([&] { work(counters); });
  };
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    const pid_t child = fork();
    if (child == 0) {
      work_in(2);
      _exit(0);
    }
    children.push_back(child);
  }
  work_in(threads);
  for (const pid_t child : children) waitpid(child, nullptr, 0);

  const Counters counters(path);
  const std::uint64_t found = counters.Totals().values.at(0).second;
  CounterTally tally;
  tally.increments = each * workers;
  tally.lost = tally.increments - std::min(tally.increments, found);
  tally.doubled = found - std::min(tally.increments, found);
  return tally;
}

}  // namespace candor
