// Several processes on one state.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/native/state_samples.h"

namespace candor {
namespace {

constexpr char kId[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

// A pipe, for telling another process something.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_.data()), 0); }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void Put(char word) { static_cast<void>(!write(ends_[1], &word, 1)); }
  // Waits for it; 0 when nothing came within 20 s.
  char Get() {
    pollfd wait{ends_[0], POLLIN, 0};
    char word = 0;
    if (poll(&wait, 1, 20'000) != 1 || read(ends_[0], &word, 1) != 1) return 0;
    return word;
  }

 private:
  std::array<int, 2> ends_{};
};

template <typename Work>
pid_t Start(const Work& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  return child;
}

bool Ends(pid_t child) {
  int status = -1;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Counts one up in the state, with an entry, as often as others are faster.
bool Increment(StateStore& store) {
  for (;;) {
    const Result<Snapshot> read = store.Read();
    if (!read.ok()) return false;
    StateChange change;
    change.state = read.value().state;
    ++change.state.failed_rounds;
    change.journal = {{"restarted", "{\"why\": \"test\"}"}};
    const Result<std::int64_t> applied = store.Apply(change, read.value().revision);
    if (applied.ok()) return true;
    if (applied.error().code != ErrorCode::kConflict) return false;
  }
}

void ExpectCounted(StateStore& store, std::int64_t count) {
  const Snapshot snapshot = store.Read().value();
  EXPECT_EQ(snapshot.state.failed_rounds, count);
  EXPECT_EQ(snapshot.revision, count);
  const auto journal = store.ReadJournal(0, 100'000).value();
  EXPECT_EQ(journal.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(CountLinked(journal), journal.size());
}

TEST(StateProcessTest, RacingProcessesCreateOneStateAndEveryChangeCountsOnce) {
  constexpr int kProcesses = 6, kChanges = 30;
  const TemporaryFolder folder;
  const std::string path = folder.File("made/by/all");
  Pipe start;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.push_back(Start([&] {
      if (start.Get() == 0) return false;
      const auto store = OpenStore(path);
      for (int k = 0; store != nullptr && k < kChanges; ++k) {
        if (!Increment(*store)) return false;
      }
      return store != nullptr;
    }));
  }
  for (int i = 0; i < kProcesses; ++i) start.Put('g');
  for (const pid_t child : children) EXPECT_TRUE(Ends(child));
  ExpectCounted(*OpenStore(path), kProcesses * kChanges);
}

TEST(StateProcessTest, AKilledProcessLosesNothingItWasToldIsDone) {
  const TemporaryFolder folder;
  std::int64_t least = 0;
  for (int round = 0; round < 25; ++round) {
    Pipe done;
    const pid_t child = Start([&] {
      const auto store = OpenStore(folder.path());
      while (store != nullptr && Increment(*store)) done.Put('d');
      return false;
    });
    const int wanted = 1 + round % 5;
    for (int i = 0; i < wanted; ++i) ASSERT_EQ(done.Get(), 'd');
    usleep(static_cast<useconds_t>(round * 37 % 400));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    least += wanted;
    const auto store = OpenStore(folder.path());
    EXPECT_EQ(store->set_aside(), "");
    const std::int64_t found = store->Read().value().revision;
    EXPECT_GE(found, least);
    ExpectCounted(*store, found);
    least = found;
  }
}

TEST(StateProcessTest, AChildUsesItsParentsStoreAsItsOwn) {
  const TemporaryFolder folder;
  Pipe parent_closed, child_wrote;
  auto store = OpenStore(folder.path());
  ASSERT_TRUE(Increment(*store));
  const pid_t child = Start([&] {
    if (!Increment(*store)) return false;
    child_wrote.Put('w');
    // The parent's last connection is gone, and the child's is not.
    return parent_closed.Get() == 'c' && Increment(*store) && Increment(*store);
  });
  ASSERT_EQ(child_wrote.Get(), 'w');
  EXPECT_TRUE(Increment(*store));
  store.reset();
  parent_closed.Put('c');
  EXPECT_TRUE(Ends(child));
  ExpectCounted(*OpenStore(folder.path()), 5);
}

TEST(StateProcessTest, AChildThatOnlyEndsLeavesTheParentAlone) {
  const TemporaryFolder folder;
  auto store = OpenStore(folder.path());
  const auto sender = std::move(store->TryLockSender(1'000)).value();
  ASSERT_TRUE(Increment(*store));
  EXPECT_TRUE(Ends(Start([&] {
    store.reset();
    return OpenStore(folder.path())->TryLockSender(1'000).value() == nullptr;
  })));
  EXPECT_EQ(OpenStore(folder.path())->TryLockSender(1'000).value(), nullptr);
  EXPECT_TRUE(Increment(*store));
  ExpectCounted(*store, 2);
}

TEST(StateProcessTest, TheSendersLockEndsWithItsProcessEvenIfAChildLives) {
  const TemporaryFolder folder;
  Pipe locked, end;
  const pid_t holder = Start([&] {
    const auto store = OpenStore(folder.path());
    const auto lock = std::move(store->TryLockSender(1'000)).value();
    // The child says so: before it has run at all, the lock is its own as well.
    Start([&] {
      locked.Put(lock != nullptr ? 'l' : 'n');
      return end.Get() == 'e';
    });
    pause();
    return false;
  });
  ASSERT_EQ(locked.Get(), 'l');
  const auto store = OpenStore(folder.path());
  EXPECT_EQ(store->TryLockSender(1'000).value(), nullptr);
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  EXPECT_NE(store->TryLockSender(1'000).value(), nullptr);
  end.Put('e');
}

TEST(StateProcessTest, AChangeWakesTheOthers) {
  const TemporaryFolder folder;
  const auto store = OpenStore(folder.path());
  const int descriptor = store->change_descriptor();
  ASSERT_GE(descriptor, 0);
  pollfd wait{descriptor, POLLIN, 0};
  EXPECT_EQ(poll(&wait, 1, 0), 0);
  EXPECT_TRUE(Ends(Start([&] { return Increment(*OpenStore(folder.path())); })));
  EXPECT_EQ(poll(&wait, 1, 20'000), 1);
  store->DrainChanges();
  EXPECT_EQ(poll(&wait, 1, 0), 0);
  EXPECT_EQ(store->Read().value().revision, 1);
}

TEST(StateProcessTest, WhatIsDamagedIsNotReplacedWhileAnotherHasItOpen) {
  const TemporaryFolder folder;
  { ASSERT_TRUE(Increment(*OpenStore(folder.path()))); }
  Pipe opened, close_it;
  const pid_t other = Start([&] {
    const auto store = OpenStore(folder.path());
    opened.Put('o');
    return close_it.Get() == 'c';
  });
  ASSERT_EQ(opened.Get(), 'o');
  {
    std::fstream file(folder.File("state.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 + 3);
    file.put('\x7f');
  }
  const auto refused = OpenSqliteStore(folder.path());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(std::filesystem::exists(folder.File("state.db.damaged-1")));
  close_it.Put('c');
  EXPECT_TRUE(Ends(other));
  const auto store = OpenStore(folder.path());
  EXPECT_NE(store->set_aside(), "");
  EXPECT_TRUE(std::filesystem::exists(folder.File("state.db.damaged-1")));
  EXPECT_EQ(store->Read().value().state.failed_rounds, 1);
}

TEST(StateProcessTest, ACrashWhileReplacingIsMadeGood) {
  const TemporaryFolder folder;
  { ASSERT_TRUE(Increment(*OpenStore(folder.path()))); }
  // As after a crash between the two names: the new one is ready, the old one still in place.
  std::filesystem::copy(folder.File("state.db"), folder.File("state.db.new-1"));
  { std::ofstream(folder.File("state.db"), std::ios::binary) << "nonsense"; }
  { std::ofstream(folder.File("state.db-wal"), std::ios::binary) << "of another database"; }
  const auto store = OpenStore(folder.path());
  EXPECT_EQ(store->Read().value().state.failed_rounds, 1);
  EXPECT_EQ(std::filesystem::file_size(folder.File("state.db.damaged-1")), 8u);
  EXPECT_TRUE(std::filesystem::exists(folder.File("state.db.damaged-1-wal")));
  EXPECT_FALSE(std::filesystem::exists(folder.File("state.db.new-1")));
}

}  // namespace
}  // namespace candor
