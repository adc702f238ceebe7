#include "native/admin/accounts/sessions.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "tests/native/admin_rig.h"

namespace candor {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kHourMs = 60 * kMinuteMs;

// AddressSanitizer is ten times slower.
#ifdef __SANITIZE_ADDRESS__
constexpr int kRaces = 1'000;
#else
constexpr int kRaces = 10'000;
#endif

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() {
    rig_.Add("ada", Role::kSuperuser);
    rig_.Add("bob", Role::kViewer);
  }
  AdminRig rig_;
};

TEST_F(SessionsTest, OpenWithTheirTokenOnly) {
  const Sessions::Begun begun = rig_.SignIn("ada");
  EXPECT_EQ(begun.token.size(), 43u);
  const SessionLook look = rig_.sessions->Find(begun.token).value();
  EXPECT_EQ(look.state, SessionState::kLive);
  EXPECT_EQ(look.user, "ada");
  EXPECT_EQ(look.role, Role::kSuperuser);
  EXPECT_EQ(look.ends_ms, rig_.clock.wall + 12 * kHourMs);
  std::string other = begun.token;
  other.back() = other.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(rig_.StateOf(other), SessionState::kNone);
  EXPECT_EQ(rig_.StateOf(begun.look.id), SessionState::kNone);
  EXPECT_EQ(rig_.StateOf(""), SessionState::kNone);
  EXPECT_EQ(rig_.StateOf(begun.token + "A"), SessionState::kNone);
}

TEST_F(SessionsTest, LeaveNoTokenInTheStore) {
  const std::string token = rig_.SignIn("ada").token;
  for (const char* end : {"", "-wal"}) {
    std::stringstream bytes;
    bytes << std::ifstream(rig_.Path() + end, std::ios::binary).rdbuf();
    EXPECT_EQ(bytes.str().find(token), std::string::npos);
  }
}

TEST_F(SessionsTest, OutliveARestart) {
  const Sessions::Begun begun = rig_.SignIn("ada");
  const std::string request_token = rig_.sessions->RequestToken(begun.look.id).value();
  rig_.Open();
  EXPECT_EQ(rig_.StateOf(begun.token), SessionState::kLive);
  EXPECT_EQ(rig_.sessions->RequestToken(begun.look.id).value(), request_token);
}

TEST_F(SessionsTest, EndWhenUnusedForHalfAnHour) {
  const std::string token = rig_.SignIn("ada").token;
  rig_.clock.Pass(30 * kMinuteMs - 1);
  EXPECT_EQ(rig_.StateOf(token), SessionState::kLive);
  rig_.clock.Pass(30 * kMinuteMs);
  EXPECT_EQ(rig_.StateOf(token), SessionState::kExpired);
}

TEST_F(SessionsTest, EndAfterTwelveHoursOfUse) {
  const std::string token = rig_.SignIn("ada").token;
  for (int minutes = 20; minutes < 12 * 60; minutes += 20) {
    rig_.clock.Pass(20 * kMinuteMs);
    ASSERT_EQ(rig_.StateOf(token), SessionState::kLive) << minutes;
  }
  rig_.clock.Pass(20 * kMinuteMs);
  EXPECT_EQ(rig_.StateOf(token), SessionState::kExpired);
}

TEST_F(SessionsTest, LastNoLongerWhenTheClockIsPutBack) {
  const std::string token = rig_.SignIn("ada").token;
  rig_.clock.wall -= 24 * kHourMs;
  EXPECT_EQ(rig_.StateOf(token), SessionState::kLive);
  rig_.clock.boot += 31 * kMinuteMs;
  EXPECT_EQ(rig_.StateOf(token), SessionState::kExpired);
}

TEST_F(SessionsTest, EndWhenNoClockCanTellTheirAge) {
  const std::string token = rig_.SignIn("ada").token;
  rig_.clock.wall -= kHourMs;
  rig_.clock.boot_id = "boot-2";
  EXPECT_EQ(rig_.StateOf(token), SessionState::kExpired);
}

TEST_F(SessionsTest, OutliveARestartOfTheMachine) {
  const std::string token = rig_.SignIn("ada").token;
  rig_.clock.Pass(5 * kMinuteMs);
  rig_.clock.boot_id = "boot-2";
  rig_.clock.boot = 7;
  EXPECT_EQ(rig_.StateOf(token), SessionState::kLive);
  for (int i = 0; i < 35; ++i) {
    rig_.clock.Pass(20 * kMinuteMs);
    ASSERT_EQ(rig_.StateOf(token), SessionState::kLive) << i;
  }
  rig_.clock.Pass(20 * kMinuteMs);
  EXPECT_EQ(rig_.StateOf(token), SessionState::kExpired);
}

TEST_F(SessionsTest, EndWithASignOut) {
  const Sessions::Begun begun = rig_.SignIn("ada");
  EXPECT_FALSE(rig_.sessions->End(begun.look.id, rig_.actor));
  EXPECT_EQ(rig_.StateOf(begun.token), SessionState::kRevoked);
  EXPECT_FALSE(rig_.sessions->End(begun.look.id, rig_.actor));
}

TEST_F(SessionsTest, EndWithANewPasswordButForTheOneThatSetIt) {
  const Sessions::Begun kept = rig_.SignIn("ada"), other = rig_.SignIn("ada");
  const std::string of_bob = rig_.SignIn("bob").token;
  ASSERT_FALSE(rig_.accounts->SetPassword("ada", "another four words", rig_.actor, kept.look.id));
  EXPECT_EQ(rig_.StateOf(kept.token), SessionState::kLive);
  EXPECT_EQ(rig_.StateOf(other.token), SessionState::kRevoked);
  EXPECT_EQ(rig_.StateOf(of_bob), SessionState::kLive);
}

TEST_F(SessionsTest, AreNotKeptForAnotherAccountsPassword) {
  const Sessions::Begun of_bob = rig_.SignIn("bob"), of_ada = rig_.SignIn("ada");
  ASSERT_FALSE(rig_.accounts->SetPassword("ada", "another four words", rig_.actor, of_bob.look.id));
  EXPECT_EQ(rig_.StateOf(of_ada.token), SessionState::kRevoked);
  EXPECT_EQ(rig_.sessions->Find(of_bob.token).value().user, "bob");
}

TEST_F(SessionsTest, EndWithANewRole) {
  const std::string token = rig_.SignIn("bob").token;
  ASSERT_FALSE(rig_.accounts->SetRole("bob", Role::kSuperuser, rig_.actor));
  EXPECT_EQ(rig_.StateOf(token), SessionState::kRevoked);
}

TEST_F(SessionsTest, EndWithTheirAccountAlsoWhenItIsMadeAgain) {
  const std::string token = rig_.SignIn("bob").token;
  ASSERT_FALSE(rig_.accounts->Remove("bob", rig_.actor));
  EXPECT_EQ(rig_.StateOf(token), SessionState::kRevoked);
  rig_.Add("bob", Role::kSuperuser);
  EXPECT_EQ(rig_.StateOf(token), SessionState::kRevoked);
}

TEST_F(SessionsTest, DoNotBeginForAnAccountThatChangedMeanwhile) {
  const Account before = rig_.AccountOf("bob");
  ASSERT_FALSE(rig_.accounts->SetRole("bob", Role::kSuperuser, rig_.actor));
  const auto begun = rig_.sessions->Begin(before, "", rig_.actor);
  ASSERT_FALSE(begun.ok());
  EXPECT_EQ(begun.error().code, ErrorCode::kConflict);
}

TEST_F(SessionsTest, ReplaceTheOneThatCameWithTheSignIn) {
  const Sessions::Begun first = rig_.SignIn("ada");
  const Sessions::Begun second = rig_.SignIn("ada", first.token);
  EXPECT_NE(first.token, second.token);
  EXPECT_EQ(rig_.StateOf(first.token), SessionState::kRevoked);
  EXPECT_EQ(rig_.StateOf(second.token), SessionState::kLive);
}

TEST_F(SessionsTest, AreSixteenOfAnAccountAtMost) {
  const std::string of_bob = rig_.SignIn("bob").token;
  std::vector<std::string> tokens;
  for (int i = 0; i < 17; ++i) {
    tokens.push_back(rig_.SignIn("ada").token);
    rig_.clock.Pass(1'000);
  }
  EXPECT_EQ(rig_.StateOf(tokens.front()), SessionState::kRevoked);
  for (int i = 1; i < 17; ++i) EXPECT_EQ(rig_.StateOf(tokens[i]), SessionState::kLive) << i;
  EXPECT_EQ(rig_.StateOf(of_bob), SessionState::kLive);
}

TEST_F(SessionsTest, NoteTheirUseOnceAMinute) {
  const std::string token = rig_.SignIn("ada").token;
  const auto changes = [&] {
    std::int64_t version = 0;
    EXPECT_FALSE(rig_.database->Read([&](const AdminTables& tables) {
      Statement read(tables.database, "SELECT seen_ms FROM sessions", "test");
      if (read.Row()) version = read.Integer(0);
      return read.error();
    }));
    return version;
  };
  std::set<std::int64_t> seen;
  for (int second = 0; second < 180; ++second) {
    rig_.StateOf(token);
    seen.insert(changes());
    rig_.clock.Pass(1'000);
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST_F(SessionsTest, LeaveNoOldRows) {
  for (int i = 0; i < 30; ++i) {
    rig_.SignIn("ada");
    rig_.clock.Pass(kHourMs);
  }
  std::int64_t rows = 0;
  ASSERT_FALSE(rig_.database->Read([&](const AdminTables& tables) {
    Statement read(tables.database, "SELECT count(*) FROM sessions", "test");
    if (read.Row()) rows = read.Integer(0);
    return read.error();
  }));
  EXPECT_LE(rows, 25);
}

TEST_F(SessionsTest, HaveARequestTokenOfTheirOwn) {
  const std::string first = rig_.SignIn("ada").look.id, second = rig_.SignIn("ada").look.id;
  const std::string token = rig_.sessions->RequestToken(first).value();
  EXPECT_EQ(token.size(), 43u);
  EXPECT_NE(token, rig_.sessions->RequestToken(second).value());
  AdminRig other;
  EXPECT_NE(token, other.sessions->RequestToken(first).value());
}

// Another process takes the role away while this one answers.
TEST_F(SessionsTest, LoseTheirRoleAtTheVeryNextLook) {
  auto elsewhere = AdminDatabase::Open(rig_.folder.Path("state"), SystemRandom()).value();
  Accounts accounts(*elsewhere, rig_.hasher, rig_.clock);
  std::string token;
  for (int i = 0; i < kRaces; ++i) {
    const Role role = i % 2 == 0 ? Role::kSuperuser : Role::kViewer;
    const bool begins = i % 100 == 0;
    if (begins) token = rig_.SignIn("bob").token;
    ASSERT_EQ(rig_.StateOf(token), begins ? SessionState::kLive : SessionState::kRevoked) << i;
    ASSERT_FALSE(accounts.SetRole("bob", role, rig_.actor));
    ASSERT_EQ(rig_.StateOf(token), SessionState::kRevoked) << i;
  }
}

}  // namespace
}  // namespace candor
