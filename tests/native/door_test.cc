#include "native/admin/door/door.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/native/door_rig.h"

namespace candor {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

class DoorTest : public testing::Test {
 protected:
  DoorTest() {
    rig_.Add("ada", Role::kSuperuser);
    rig_.Add("bob", Role::kViewer);
  }
  DoorRig rig_;
  Client client_;
};

TEST_F(DoorTest, SignsInWithACookieThatPagesCannotRead) {
  const HttpAnswer answer = rig_.SignIn(client_, "ada");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(DoorRig::Header(answer, "Set-Cookie"),
            "__Host-candor=" + client_.cookie + "; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(DoorRig::Member(answer, "user"), "ada");
  EXPECT_EQ(DoorRig::Member(answer, "role"), "superuser");
  EXPECT_EQ(DoorRig::Member(answer, "via"), "account");
  EXPECT_EQ(DoorRig::Member(answer, "csrf").size(), 43u);
  const Caller caller = rig_.Identify(client_).caller;
  EXPECT_EQ(caller.role, Role::kSuperuser);
  EXPECT_EQ(caller.user, "ada");
  EXPECT_EQ(answer.body.find(client_.cookie), std::string::npos);
  EXPECT_EQ(caller.session.find(client_.cookie), std::string::npos);
}

TEST_F(DoorTest, GivesTheSameSessionDocumentLater) {
  const HttpAnswer first = rig_.SignIn(client_, "ada");
  EXPECT_EQ(rig_.Ask(client_, "GET", DoorRig::kSessionPath).body, first.body);
}

TEST_F(DoorTest, SaysNoMoreOfAWrongNameThanOfAWrongPassword) {
  const HttpAnswer name = rig_.SignIn(client_, "eve"), password = rig_.SignIn(client_, "ada", "no");
  EXPECT_EQ(name.status, 401);
  EXPECT_EQ(name.status, password.status);
  EXPECT_EQ(name.body, password.body);
  EXPECT_EQ(client_.cookie, "");
}

TEST_F(DoorTest, RefusesBodiesThatAreNoSignIn) {
  const auto status = [&](const char* body) {
    return rig_.Ask(client_, "POST", DoorRig::kSessionPath, body).status;
  };
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status("{\"name\":"), 400);
  EXPECT_EQ(status("[]"), 422);
  EXPECT_EQ(status(R"({"name":"ada"})"), 422);
  EXPECT_EQ(status(R"({"name":1,"password":null})"), 422);
  EXPECT_EQ(status(R"({"name":"ada","password":"x","role":"superuser"})"), 422);
  EXPECT_EQ(status(R"({"name":"","password":""})"), 401);
}

TEST_F(DoorTest, ForgetsAPlantedCookieAtSignIn) {
  Client eve;
  rig_.SignIn(eve, "bob");
  const std::string planted = eve.cookie;
  client_.cookie = planted;
  rig_.SignIn(client_, "ada");
  EXPECT_NE(client_.cookie, planted);
  EXPECT_EQ(rig_.Identify(eve).caller.reason, "revoked");
  client_.cookie = std::string(43, 'A');
  rig_.SignIn(client_, "ada");
  EXPECT_NE(client_.cookie, std::string(43, 'A'));
}

TEST_F(DoorTest, KnowsNobodyByTwoCookies) {
  rig_.SignIn(client_, "ada");
  client_.headers = {{"Cookie", "__Host-candor=x"}};
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kNone);
}

TEST_F(DoorTest, SignsOut) {
  rig_.SignIn(client_, "ada");
  const std::string token = client_.cookie;
  EXPECT_EQ(rig_.Ask(client_, "DELETE", DoorRig::kSessionPath).status, 403);
  const HttpAnswer answer = rig_.Change(client_, "DELETE", DoorRig::kSessionPath);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(client_.cookie, "");
  client_.cookie = token;
  EXPECT_EQ(rig_.Identify(client_).caller.reason, "revoked");
  EXPECT_EQ(DoorRig::Member(rig_.Ask(client_, "GET", DoorRig::kSessionPath), "reason"), "revoked");
}

TEST_F(DoorTest, SaysThatASessionExpired) {
  rig_.SignIn(client_, "ada");
  rig_.clock.Pass(31 * kMinuteMs);
  EXPECT_EQ(DoorRig::Member(rig_.Ask(client_, "GET", DoorRig::kSessionPath), "reason"), "expired");
}

TEST_F(DoorTest, WantsTheRequestTokenOfThisVerySession) {
  Client other;
  const std::string theirs = DoorRig::Member(rig_.SignIn(other, "ada"), "csrf");
  const std::string ours = DoorRig::Member(rig_.SignIn(client_, "ada"), "csrf");
  const auto refused = [&](HttpHeaders headers) {
    client_.headers = std::move(headers);
    const HttpRequest request = rig_.RequestOf(client_, "DELETE", "/");
    return rig_.door->RefuseToken(request, rig_.Identify(client_).caller).has_value();
  };
  EXPECT_FALSE(refused({{"X-Candor-Token", ours}}));
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({{"X-Candor-Token", ""}}));
  EXPECT_TRUE(refused({{"X-Candor-Token", theirs}}));
  EXPECT_TRUE(refused({{"X-Candor-Token", ours}, {"X-Candor-Token", ours}}));
}

TEST_F(DoorTest, TakesARoleAwayBetweenLookAndClick) {
  rig_.SignIn(client_, "ada");
  const Caller looked = rig_.Identify(client_).caller;
  EXPECT_TRUE(rig_.door->StillIn(looked));
  rig_.Add("cyd", Role::kSuperuser);
  DoorRig::Others beside = rig_.Beside();
  ASSERT_FALSE(beside.accounts->SetRole("ada", Role::kViewer, {"root", "command line"}));
  EXPECT_FALSE(rig_.door->StillIn(looked));
  EXPECT_EQ(rig_.Change(client_, "POST", "/api/v1/accounts", "{}").status, 401);
}

TEST_F(DoorTest, ChangesAPasswordAndEndsTheOtherSessions) {
  Client other;
  rig_.SignIn(other, "bob");
  rig_.SignIn(client_, "bob");
  const auto change = [&](const std::string& old, const std::string& wanted) {
    return rig_.Change(client_, "PUT", "/api/v1/password",
                       R"({"old":")" + old + R"(","new":")" + wanted + "\"}");
  };
  EXPECT_EQ(change("wrong password", "another four words").status, 422);
  const HttpAnswer weak = change(kGoodPassword, "password");
  EXPECT_EQ(weak.status, 422);
  EXPECT_NE(weak.body.find("/new"), std::string::npos);
  EXPECT_EQ(rig_.Identify(other).caller.role, Role::kViewer);
  EXPECT_EQ(change(kGoodPassword, "another four words").status, 204);
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kViewer);
  EXPECT_EQ(rig_.Identify(other).caller.reason, "revoked");
  Client again;
  EXPECT_EQ(rig_.SignIn(again, "bob", "another four words").status, 200);
}

TEST_F(DoorTest, KeepsAccountsForSuperusers) {
  rig_.SignIn(client_, "bob");
  EXPECT_EQ(rig_.Ask(client_, "GET", "/api/v1/accounts").status, 403);
  rig_.SignIn(client_, "ada");
  const HttpAnswer made = rig_.Change(client_, "POST", "/api/v1/accounts",
                                      R"({"name":"Cyd","role":"viewer","password":"cyd's words"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(DoorRig::Member(made, "name"), "Cyd");
  const HttpAnswer listed = rig_.Ask(client_, "GET", "/api/v1/accounts");
  EXPECT_NE(listed.body.find("\"Cyd\""), std::string::npos);
  EXPECT_EQ(listed.body.find("argon2"), std::string::npos);
  EXPECT_EQ(rig_.Change(client_, "POST", "/api/v1/accounts",
                        R"({"name":"cyd","role":"viewer","password":"cyd's words"})")
                .status,
            409);
  EXPECT_EQ(rig_.Change(client_, "POST", "/api/v1/accounts",
                        R"({"name":"dan","role":"root","password":"x"})")
                .status,
            422);
  EXPECT_EQ(rig_.Change(client_, "DELETE", "/api/v1/accounts/CYD").status, 204);
  EXPECT_EQ(rig_.Change(client_, "DELETE", "/api/v1/accounts/cyd").status, 404);
  EXPECT_EQ(rig_.Change(client_, "DELETE", "/api/v1/accounts/ada").status, 409);
}

TEST_F(DoorTest, TellsSuperusersWhoSignedIn) {
  rig_.SignIn(client_, "ada", "wrong password");
  rig_.SignIn(client_, "a password in place of a name");
  rig_.SignIn(client_, "ada");
  const std::string audit = rig_.Ask(client_, "GET", "/api/v1/audit").body;
  EXPECT_NE(audit.find("\"what\": \"refused\""), std::string::npos);
  EXPECT_NE(audit.find("\"what\": \"signin\""), std::string::npos);
  EXPECT_NE(audit.find("192.0.2.7"), std::string::npos);
  EXPECT_EQ(audit.find("in place of a name"), std::string::npos);
}

TEST_F(DoorTest, TellsOfManyRefusalsInFewEntries) {
  for (int i = 0; i < 2'000; ++i) {
    client_.address = "10.0." + std::to_string(i % 200) + ".1";
    rig_.SignIn(client_, "user" + std::to_string(i), "wrong password");
    rig_.clock.Pass(1'000);
  }
  DoorRig::Others beside = rig_.Beside();
  const auto entries = ListAudit(*beside.database, 10'000).value();
  std::printf("2,000 refusals in %zu entries\n", entries.size());
  EXPECT_LE(entries.size(), 60u);
  EXPECT_TRUE(VerifyAudit(*beside.database).ok());
}

TEST_F(DoorTest, SlowsBruteForceDown) {
  int looked_at = 0;
  HttpAnswer last;
  for (int i = 0; i < 100; ++i) {
    last = rig_.SignIn(client_, "ada", "guess number " + std::to_string(i));
    if (last.status == 401) ++looked_at;
  }
  EXPECT_EQ(looked_at, 10);
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(DoorRig::Header(last, "Retry-After"), "60");
  // Right, but one too many.
  EXPECT_EQ(rig_.SignIn(client_, "ada").status, 429);
  rig_.clock.Pass(kMinuteMs);
  EXPECT_EQ(rig_.SignIn(client_, "ada").status, 200);
}

TEST_F(DoorTest, LetsTheUserInWhileOthersGuess) {
  Client home{.address = "198.51.100.1"};
  ASSERT_EQ(rig_.SignIn(home, "ada").status, 200);
  rig_.Open();  // What places are known outlives a restart.
  for (int i = 0; i < 200; ++i) {
    client_.address = "10.0.0." + std::to_string(i);
    rig_.SignIn(client_, "ada", "guess number " + std::to_string(i));
  }
  Client elsewhere{.address = "198.51.100.2"};
  EXPECT_EQ(rig_.SignIn(elsewhere, "ada").status, 429);
  EXPECT_EQ(rig_.SignIn(home, "ada").status, 200);
}

TEST_F(DoorTest, KnowsProgramsByPassword) {
  client_.headers = {BasicHeader("ada", kGoodPassword)};
  const Doorkeeper::Identified who = rig_.Identify(client_);
  EXPECT_EQ(who.caller.role, Role::kSuperuser);
  EXPECT_EQ(who.caller.via, "basic");
  EXPECT_FALSE(rig_.door->RefuseToken(rig_.RequestOf(client_, "PUT", "/"), who.caller));
  for (const char* wrong : {"Basic", "Basic !", "Basic YWRh", "Bearer YWRhOng=", ""}) {
    client_.headers = {{"Authorization", wrong}};
    EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kNone) << wrong;
  }
  client_.headers = {BasicHeader("ada", kGoodPassword), BasicHeader("ada", kGoodPassword)};
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kNone);
  client_.headers = {BasicHeader("ada", "wrong password")};
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kNone);
}

TEST_F(DoorTest, RefusesProgramsThatGuess) {
  int refused = 0;
  for (int i = 0; i < 30; ++i) {
    client_.headers = {BasicHeader("ada", "guess " + std::to_string(i))};
    const Doorkeeper::Identified who = rig_.Identify(client_);
    EXPECT_EQ(who.caller.role, Role::kNone);
    if (who.refusal) {
      EXPECT_EQ(who.refusal->status, 429);
      ++refused;
    }
  }
  EXPECT_EQ(refused, 20);
}

// What is remembered for a minute is gone with the password, and with the account.
TEST_F(DoorTest, ForgetsAProgramWhoseAccountChanged) {
  client_.headers = {BasicHeader("bob", kGoodPassword)};
  const Caller before = rig_.Identify(client_).caller;
  ASSERT_EQ(before.role, Role::kViewer);
  DoorRig::Others beside = rig_.Beside();
  ASSERT_FALSE(beside.accounts->SetPassword("bob", "another four words", {"root", "test"}));
  EXPECT_FALSE(rig_.door->StillIn(before));
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kNone);
  client_.headers = {BasicHeader("bob", "another four words")};
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kViewer);
  ASSERT_FALSE(beside.accounts->Remove("bob", {"root", "test"}));
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kNone);
}

TEST_F(DoorTest, ForgetsNobodyWhenRemovalIsRefused) {
  rig_.SignIn(client_, "ada");
  std::vector<std::string> ended;
  rig_.door->OnEnd({}, [&](const std::string& user) { ended.push_back(user); });
  rig_.Change(client_, "DELETE", "/api/v1/accounts/ada");
  EXPECT_TRUE(ended.empty());
  rig_.Change(client_, "DELETE", "/api/v1/accounts/BOB");
  EXPECT_EQ(ended, std::vector<std::string>{"bob"});
}

class SetUpTest : public testing::Test {
 protected:
  HttpAnswer SetUp(Client& client, const std::string& token, const std::string& name,
                   const std::string& password = kGoodPassword) {
    return rig_.Ask(
        client, "POST", "/api/v1/setup",
        R"({"token":")" + token + R"(","name":")" + name + R"(","password":")" + password + "\"}");
  }
  bool NeedsSetUp() {
    return rig_.Ask(client_, "GET", DoorRig::kSessionPath).body.find("\"needsSetup\": true") !=
           std::string::npos;
  }
  DoorRig rig_;
  Client client_;
};

TEST_F(SetUpTest, MakesTheFirstSuperuserAndSignsIn) {
  const std::string token = rig_.door->SetupToken().value();
  EXPECT_EQ(token.size(), 43u);
  EXPECT_TRUE(NeedsSetUp());
  const HttpAnswer answer = SetUp(client_, token, "ada");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(DoorRig::Member(answer, "role"), "superuser");
  EXPECT_EQ(rig_.Identify(client_).caller.role, Role::kSuperuser);
  EXPECT_FALSE(NeedsSetUp());
  EXPECT_FALSE(rig_.door->SetupToken());
  EXPECT_EQ(SetUp(client_, token, "bob").status, 403);
  rig_.Open();
  EXPECT_FALSE(rig_.door->SetupToken());
}

TEST_F(SetUpTest, IsAsGoodAsBeforeAfterABadName) {
  const std::string token = rig_.door->SetupToken().value();
  const HttpAnswer answer = SetUp(client_, token, "a:b", "short");
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(answer.body.find("/name"), std::string::npos);
  EXPECT_NE(answer.body.find("/password"), std::string::npos);
  EXPECT_EQ(SetUp(client_, token, "ada").status, 201);
}

TEST_F(SetUpTest, RefusesAnotherToken) {
  EXPECT_EQ(SetUp(client_, "", "ada").status, 403);
  EXPECT_EQ(SetUp(client_, std::string(43, 'A'), "ada").status, 403);
  EXPECT_TRUE(NeedsSetUp());
}

TEST_F(SetUpTest, IsAnotherOneAfterARestart) {
  const std::string before = rig_.door->SetupToken().value();
  rig_.Open();
  EXPECT_NE(rig_.door->SetupToken().value(), before);
  EXPECT_EQ(SetUp(client_, before, "ada").status, 403);
}

TEST_F(SetUpTest, EndsAfterADay) {
  const std::string token = rig_.door->SetupToken().value();
  rig_.clock.Pass(24 * 60 * kMinuteMs);
  EXPECT_EQ(SetUp(client_, token, "ada").status, 403);
  EXPECT_FALSE(rig_.door->SetupToken());
  EXPECT_FALSE(NeedsSetUp());
}

TEST_F(SetUpTest, EndsWithTheFirstAccountOfACommand) {
  const std::string token = rig_.door->SetupToken().value();
  rig_.Add("ada", Role::kSuperuser);
  EXPECT_EQ(SetUp(client_, token, "eve").status, 403);
  DoorRig::Others beside = rig_.Beside();
  EXPECT_EQ(beside.accounts->List().value().size(), 1u);
}

TEST_F(SetUpTest, IsWonByExactlyOne) {
  for (int round = 0; round < 50; ++round) {
    DoorRig rig;
    const std::string token = rig.door->SetupToken().value();
    std::atomic<int> made = 0, refused = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Client client;
        const HttpAnswer answer =
            rig.Ask(client, "POST", "/api/v1/setup",
                    R"({"token":")" + token + R"(","name":"user)" + std::to_string(i) +
                        R"(","password":"four words in a row"})");
        if (answer.status == 201) ++made;
        if (answer.status == 403) ++refused;
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(made, 1);
    ASSERT_EQ(refused, 3);
    ASSERT_EQ(rig.Beside().accounts->List().value().size(), 1u);
  }
}

DoorOptions BehindAProxy() {
  DoorOptions options;
  options.proxy.peers = {"10.0.0.7"};
  options.proxy.superusers = {"ada"};
  return options;
}

TEST(DoorProxyTest, KnowsTheProxysUsers) {
  DoorRig rig(BehindAProxy());
  Client client{.address = "10.0.0.7", .headers = {{"X-Forwarded-User", "ada"}}};
  const Caller caller = rig.Identify(client).caller;
  EXPECT_EQ(caller.role, Role::kSuperuser);
  EXPECT_EQ(caller.via, "proxy");
  EXPECT_FALSE(rig.door->SetupToken());
  EXPECT_EQ(rig.SignIn(client, "ada").status, 409);
  client.address = "10.0.0.8";
  ASSERT_TRUE(rig.Identify(client).refusal);
  EXPECT_EQ(rig.Identify(client).refusal->status, 400);
}

TEST(DoorProxyTest, WantsATokenOfThisVeryUserWithoutACookie) {
  DoorRig rig(BehindAProxy());
  Client ada{.address = "10.0.0.7", .headers = {{"X-Forwarded-User", "ada"}}};
  Client eve{.address = "10.0.0.7", .headers = {{"X-Forwarded-User", "eve"}}};
  const std::string of_eve = DoorRig::Member(rig.Ask(eve, "GET", DoorRig::kSessionPath), "csrf");
  EXPECT_EQ(rig.Ask(ada, "POST", "/api/v1/accounts", "{}").status, 403);
  Client forged = ada;
  forged.headers.emplace_back("X-Candor-Token", of_eve);
  EXPECT_EQ(rig.Ask(forged, "POST", "/api/v1/accounts", "{}").status, 403);
  EXPECT_EQ(rig.Change(ada, "POST", "/api/v1/accounts", "{}").status, 422);
}

TEST(DoorProxyTest, StillKnowsLocalAccountsThroughIt) {
  DoorRig rig(BehindAProxy());
  rig.Add("root", Role::kSuperuser);
  Client client{.address = "10.0.0.7", .headers = {{"X-Forwarded-For", "192.0.2.1"}}};
  EXPECT_EQ(rig.SignIn(client, "root").status, 200);
  const Caller caller = rig.Identify(client).caller;
  EXPECT_EQ(caller.via, "account");
  EXPECT_EQ(caller.peer, "192.0.2.1");
}

TEST(DoorProxyTest, RefusesToStartWithARangeOfProxies) {
  Folder folder;
  DoorOptions options;
  options.state_folder = folder.Path("state");
  options.proxy.peers = {"10.0.0.0/8", "proxy.example"};
  const auto opened = Door::Open(options, SystemClock(), SystemRandom());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.problems().list().size(), 2u);
}

TEST(DoorHostTest, AsksTheHostAlone) {
  DoorOptions options;
  options.check = [](const AdminCredentials& credentials) -> AdminIdentity {
    const std::string_view who = credentials.Header("x-shop-user");
    if (who == "throws") throw std::runtime_error("test");
    if (who == "ada") return {.user = "ada", .groups = {"camunda-admin"}, .viewer = true};
    if (who == "eve") return {.user = "eve", .groups = {}, .viewer = false};
    return {.user = std::string(who), .groups = {}, .viewer = true};
  };
  DoorRig rig(options);
  rig.Add("root", Role::kSuperuser);
  const auto caller = [&](HttpHeaders headers) {
    Client client{.headers = std::move(headers)};
    return rig.Identify(client).caller;
  };
  EXPECT_EQ(caller({{"X-Shop-User", "ada"}}).role, Role::kSuperuser);
  EXPECT_EQ(caller({{"X-Shop-User", "ada"}}).via, "host");
  EXPECT_EQ(caller({{"X-Shop-User", "bob"}}).role, Role::kViewer);
  EXPECT_EQ(caller({{"X-Shop-User", "eve"}}).role, Role::kNone);
  EXPECT_EQ(caller({{"X-Shop-User", "throws"}}).role, Role::kNone);
  for (const std::string& wrong :
       {std::string("a\xff"), std::string("a\nb"), std::string("\x7f"), std::string(257, 'a')}) {
    EXPECT_EQ(caller({{"X-Shop-User", wrong}}).user, "") << wrong;
    EXPECT_EQ(caller({{"X-Shop-User", wrong}}).role, Role::kNone) << wrong;
  }
  EXPECT_EQ(caller({}).role, Role::kNone);
  EXPECT_EQ(caller({BasicHeader("root", kGoodPassword)}).role, Role::kNone);
  EXPECT_FALSE(rig.door->SetupToken());
  Client client;
  EXPECT_EQ(rig.SignIn(client, "root").status, 409);
}

TEST_F(DoorTest, AnswersLaterWhenTheAccountsCannotBeRead) {
  rig_.SignIn(client_, "ada");
  for (const char* end : {"", "-wal", "-shm"}) {
    std::remove((rig_.folder.Path("state/admin.db") + end).c_str());
  }
  rig_.folder.Write("state/admin.db", std::string(8192, 'x'));
  const Doorkeeper::Identified who = rig_.Identify(client_);
  ASSERT_TRUE(who.refusal);
  EXPECT_EQ(who.refusal->status, 503);
  EXPECT_EQ(DoorRig::Header(*who.refusal, "Retry-After"), "1");
  EXPECT_EQ(who.caller.role, Role::kNone);
}

}  // namespace
}  // namespace candor
