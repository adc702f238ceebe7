// Accounts and sessions on a store of their own, and a clock that does as told.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "native/admin/accounts/accounts.h"
#include "native/admin/accounts/admin_database.h"
#include "native/admin/accounts/password_hash.h"
#include "native/admin/accounts/sessions.h"
#include "native/base/clock.h"
#include "native/base/random.h"
#include "tests/native/folder.h"

namespace candor {

class TurnableClock : public Clock {
 public:
  UnixMillis Wall() override { return wall; }
  std::int64_t BootMillis() override { return boot; }
  std::string BootId() override { return boot_id; }
  void Pass(std::int64_t ms) {
    wall += ms;
    boot += ms;
  }

  UnixMillis wall = 1'795'262'400'000;  // 2026-11-21T12:00:00Z
  std::int64_t boot = 1'000'000;
  std::string boot_id = "boot-1";
};

// Argon2id at its least: what is tested is who gets in, many thousand times.
inline constexpr HashCost kQuickHash{.memory_bytes = 8192, .passes = 1};
inline constexpr char kGoodPassword[] = "four words in a row";

struct AdminRig {
  explicit AdminRig(HashCost cost = kQuickHash, const std::filesystem::path& below = MemoryFolder())
      : folder(below), hasher(cost) {
    Open();
  }
  // Again, as after a restart.
  void Open() {
    database = AdminDatabase::Open(folder.Path("state"), SystemRandom()).value();
    accounts = std::make_unique<Accounts>(*database, hasher, clock);
    sessions = std::make_unique<Sessions>(*database, clock, SystemRandom());
  }
  void Add(const std::string& name, Role role, const std::string& password = kGoodPassword) {
    const auto problems = accounts->Add({name, role, password}, actor);
    ASSERT_FALSE(problems) << problems->list().front().message;
  }
  Account AccountOf(const std::string& name) { return accounts->Find(name).value().value(); }
  Sessions::Begun SignIn(const std::string& name, const std::string& replaced = {}) {
    return sessions->Begin(AccountOf(name), replaced, actor).value();
  }
  SessionState StateOf(const std::string& token) { return sessions->Find(token).value().state; }
  std::string Path() const { return folder.Path("state/admin.db"); }

  Folder folder;
  TurnableClock clock;
  PasswordHasher hasher;
  std::unique_ptr<AdminDatabase> database;
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<Sessions> sessions;
  Doer actor{"root", "command line"};
};

}  // namespace candor
