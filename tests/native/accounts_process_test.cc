// Several processes on one store, and processes that are killed.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "native/admin/accounts/audit.h"
#include "tests/native/admin_rig.h"

namespace candor {
namespace {

bool Ends(pid_t child) {
  int status = -1;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// What only a process of its own may do: nothing of SQLite is taken across a fork.
template <typename Work>
pid_t Start(const std::string& folder, Work work) {
  const pid_t child = fork();
  if (child != 0) return child;
  PasswordHasher hasher(kQuickHash);
  auto opened = AdminDatabase::Open(folder, SystemRandom());
  if (!opened.ok()) _exit(2);
  Accounts accounts(*opened.value(), hasher, SystemClock());
  _exit(work(accounts) ? 0 : 1);
}

TEST(AccountsProcessTest, MakesEveryAccountOnceAmongFour) {
  Folder folder;
  std::vector<pid_t> children;
  for (int who = 0; who < 4; ++who) {
    children.push_back(Start(folder.Path("state"), [](Accounts& accounts) {
      for (int i = 0; i < 25; ++i) {
        const auto added = accounts.Add(
            {"user" + std::to_string(i), Role::kSuperuser, kGoodPassword}, {"test", "test"});
        if (added && added->list().front().code != ErrorCode::kConflict) return false;
      }
      return true;
    }));
  }
  for (const pid_t child : children) EXPECT_TRUE(Ends(child));
  auto database = AdminDatabase::Open(folder.Path("state"), SystemRandom()).value();
  PasswordHasher hasher(kQuickHash);
  EXPECT_EQ(Accounts(*database, hasher, SystemClock()).List().value().size(), 25u);
  EXPECT_EQ(VerifyAudit(*database).value(), 25);
}

// A server that starts while somebody types `candor user add`.
TEST(AccountsProcessTest, OpensANewStoreAmongSix) {
  for (int round = 0; round < 40; ++round) {
    Folder folder;
    int gate[2];
    ASSERT_EQ(::pipe(gate), 0);
    std::vector<pid_t> children;
    for (int who = 0; who < 6; ++who) {
      const pid_t child = fork();
      if (child == 0) {
        ::close(gate[1]);
        char none = 0;
        static_cast<void>(!::read(gate[0], &none, 1));  // Until all may begin.
        _exit(AdminDatabase::Open(folder.Path("state"), SystemRandom()).ok() ? 0 : 1);
      }
      children.push_back(child);
    }
    ::close(gate[1]);
    ::close(gate[0]);
    for (const pid_t child : children) ASSERT_TRUE(Ends(child)) << round;
  }
}

TEST(AccountsProcessTest, LeavesASuperuserWhenTwoRemoveEachOther) {
  for (int round = 0; round < 20; ++round) {
    Folder folder;
    const std::string state = folder.Path("state");
    ASSERT_TRUE(Ends(Start(state, [](Accounts& accounts) {
      return !accounts.Add({"ada", Role::kSuperuser, kGoodPassword}, {"test", "test"}) &&
             !accounts.Add({"bob", Role::kSuperuser, kGoodPassword}, {"test", "test"});
    })));
    const auto remover = [&](const char* name) {
      return Start(state, [name](Accounts& accounts) {
        return !accounts.Remove(name, {"test", "test"});
      });
    };
    const pid_t one = remover("ada"), two = remover("bob");
    const int removed = (Ends(one) ? 1 : 0) + (Ends(two) ? 1 : 0);
    EXPECT_EQ(removed, 1);
  }
}

// Killed at any moment: whatever is there has its entry in the audit, and the other way round.
TEST(AccountsProcessTest, KeepsChangeAndAuditTogetherWhenKilled) {
  Folder folder;
  const std::string state = folder.Path("state");
  std::mt19937 random(20261121);
  int whole = 0;
  // More rounds where the machine is slow: enough must have been written to be torn.
  for (int round = 0; round < 60 || (whole <= 60 && round < 600); ++round) {
    const pid_t child = Start(state, [round](Accounts& accounts) {
      for (int i = 0;; ++i) {
        const std::string name = "user" + std::to_string(round) + "-" + std::to_string(i % 3);
        static_cast<void>(accounts.Add({name, Role::kSuperuser, kGoodPassword}, {"test", "test"}));
        static_cast<void>(accounts.SetRole(name, Role::kViewer, {"test", "test"}));
        if (i % 2 == 1) static_cast<void>(accounts.Remove(name, {"test", "test"}));
      }
      return true;
    });
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
    kill(child, SIGKILL);
    EXPECT_FALSE(Ends(child));
    auto database = AdminDatabase::Open(state, SystemRandom()).value();
    PasswordHasher hasher(kQuickHash);
    const auto verified = VerifyAudit(*database);
    ASSERT_TRUE(verified.ok()) << verified.error().message;
    std::int64_t balance = 0;
    const std::vector<AuditEntry> entries = ListAudit(*database, 1'000'000).value();
    for (const AuditEntry& entry : entries) {
      balance += entry.what == "added" ? 1 : entry.what == "removed" ? -1 : 0;
    }
    const auto accounts = Accounts(*database, hasher, SystemClock()).List().value();
    ASSERT_EQ(static_cast<std::int64_t>(accounts.size()), balance) << round;
    if (verified.value() > whole) whole = static_cast<int>(verified.value());
  }
  EXPECT_GT(whole, 60);
}

}  // namespace
}  // namespace candor
