// Every route of the admin API x who asks x method x hostile variants, over real sockets: none may
// be wrongly let in, and none wrongly refused.
#include "tests/native/admin_table.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <set>

#include "tests/native/admin_server_rig.h"
#include "tests/native/door_rig.h"
#include "tests/native/handlers_rig.h"

namespace candor {
namespace {

TEST(AdminTableRowsTest, EveryRouteHasItsRowAndNoOther) {
  std::set<std::string> here, there;
  for (const TableRow& row : TableRows()) {
    here.insert(row.method + " " + row.path + " " + row.role);
  }
  for (const Route& route : Routes()) {
    const char* const role = route.role == Role::kNone     ? "public"
                             : route.role == Role::kViewer ? "viewer"
                                                           : "superuser";
    there.insert(std::string(route.method) + " " + std::string(route.path) + " " + role);
  }
  EXPECT_EQ(here, there);
}

// ---- with handlers that say that they were asked

class AdminTableTest : public AdminServerRig {};

TEST_F(AdminTableTest, LetsInWhoMayAndNobodyElse) {
  Start();
  std::map<std::string, TableKeys> keys = {{"none", {"", "X-Candor-Token: token-of-\r\n"}}};
  for (const char* const who : {"viewer", "superuser", "expired", "revoked"}) {
    keys[who] = {As(who), "X-Candor-Token: token-of-" + std::string(who) + "\r\n"};
  }
  int count = 0;
  ForEveryTableRequest(at_, [&](const TableRequest& request) {
    const int before = handlers_.asked, expected = request.Expected();
    const ClientAnswer answer = AskOnce(at_, TableText(request, at_, keys));
    EXPECT_EQ(answer.status, expected) << request.Name() << "\n" << answer.body;
    if (expected != 200) {
      EXPECT_EQ(handlers_.asked, before) << request.Name();
    }
    ++count;
  });
  std::printf("%d requests\n", count);
  EXPECT_GE(count, 2'000);
}

// ---- with the real ones: accounts, sessions and a reporter

class AdminRealTableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* const name : {"superuser", "boss", "viewer", "expired", "revoked"}) {
      const bool decides = name == std::string("superuser") || name == std::string("boss");
      door_.Add(name, decides ? Role::kSuperuser : Role::kViewer);
    }
    SignIn("expired");
    door_.clock.Pass(kSessionLongestMs);
    Client leaves = SignIn("revoked");
    door_.Change(leaves, "DELETE", "/api/v1/session");
    SignIn("viewer");
    SignIn("superuser");
    keys_["none"] = {};
    AdminServerOptions options;
    options.listen = {"127.0.0.1:0"};
    server_ = AdminServer::Open(options).value();
    ASSERT_TRUE(server_->Start(*door_.door, handlers_.handlers(), events_, FixturePage()).empty());
    at_ = server_->Url().substr(sizeof("http://") - 1);
  }

  Client SignIn(const std::string& name) {
    Client client;
    EXPECT_EQ(door_.SignIn(client, name).status, 200);
    const std::string token =
        DoorRig::Member(door_.Ask(client, "GET", DoorRig::kSessionPath), "csrf");
    keys_[name] = {"Cookie: __Host-candor=" + client.cookie + "\r\n",
                   "X-Candor-Token: " + token + "\r\n"};
    return client;
  }

  // What a handler may say of "{}", and the server does not.
  static bool IsLetIn(const TableRequest& request, int status) {
    if (request.row.path == "/api/v1/session" && request.method == "POST") return status == 422;
    if (request.row.path == "/api/v1/setup") return status == 403 || status == 422;
    // A field is missing, as the originals say it.
    if (status == 400) return request.row.path.find("/v1/") == std::string::npos;
    return status == 200 || status == 204 || status == 404 || status == 409 || status == 412 ||
           status == 422 || status == 503;
  }

  DoorRig door_;
  HandlersRig handlers_{AdminConfig("engine")};
  AdminEvents events_{std::chrono::milliseconds(50)};
  std::map<std::string, TableKeys> keys_;
  std::string at_;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminRealTableTest, LetsInWhoMayAndNobodyElse) {
  int count = 0;
  std::map<int, int> statuses;
  ForEveryTableRequest(at_, [&](const TableRequest& request) {
    const ClientAnswer answer = AskOnce(at_, TableText(request, at_, keys_));
    const int expected = request.Expected();
    if (expected == 200) {
      EXPECT_TRUE(IsLetIn(request, answer.status)) << answer.status << " " << request.Name() << "\n"
                                                   << answer.body;
    } else {
      EXPECT_EQ(answer.status, expected) << request.Name() << "\n" << answer.body;
    }
    ++statuses[answer.status];
    ++count;
    const bool left = request.row.path == "/api/v1/session" && answer.status == 204;
    if (left) SignIn(request.who);
  });
  std::printf("%d requests:", count);
  for (const auto& [status, times] : statuses) std::printf(" %d x %d", times, status);
  std::printf("\n");
  EXPECT_GE(count, 2'000);
}

TEST_F(AdminRealTableTest, SaysWhyNobodyIsSignedIn) {
  for (const char* const who : {"none", "expired", "revoked"}) {
    const ClientAnswer answer = AskOnce(
        at_, "GET /api/v1/status HTTP/1.1\r\nHost: " + at_ + "\r\n" + keys_[who].signs_in + "\r\n");
    EXPECT_EQ(answer.status, 401);
    EXPECT_NE(answer.body.find("\"reason\": \"" + std::string(who) + "\""), std::string::npos)
        << answer.body;
  }
}

TEST_F(AdminRealTableTest, SigningOutEndsTheStreamOfThatSession) {
  door_.door->OnEnd([this](const std::string& session) { events_.EndSession(session); },
                    [this](const std::string& user) { events_.EndUser(user); });
  LocalClient viewer(at_), superuser(at_);
  const auto follow = [this](const std::string& who) {
    return "GET /api/v1/events HTTP/1.1\r\nHost: " + at_ + "\r\n" + keys_[who].signs_in + "\r\n";
  };
  viewer.Send(follow("viewer"));
  superuser.Send(follow("superuser"));
  ASSERT_TRUE(viewer.WaitFor("retry:"));
  ASSERT_TRUE(superuser.WaitFor("retry:"));
  EXPECT_EQ(AskOnce(at_, "DELETE /api/v1/session HTTP/1.1\r\nHost: " + at_ + "\r\n" +
                             keys_["viewer"].signs_in + keys_["viewer"].token + "\r\n")
                .status,
            204);
  EXPECT_TRUE(viewer.WaitFor("event: session\ndata: ended\n\n"));
  EXPECT_TRUE(viewer.Ends());
  EXPECT_EQ(events_.streams(), 1u);
}

TEST_F(AdminRealTableTest, AnotherPasswordEndsTheStreamsOfThatUserAtOnce) {
  door_.door->OnEnd([](const std::string&) {},
                    [this](const std::string& user) { events_.EndUser(user); });
  LocalClient viewer(at_);
  viewer.Send("GET /api/v1/events HTTP/1.1\r\nHost: " + at_ + "\r\n" + keys_["viewer"].signs_in +
              "\r\n");
  ASSERT_TRUE(viewer.WaitFor("retry:"));
  const std::string body =
      R"({"old": ")" + std::string(kGoodPassword) + R"(", "new": "longer than the one before"})";
  EXPECT_EQ(AskOnce(at_, "PUT /api/v1/password HTTP/1.1\r\nHost: " + at_ + "\r\n" +
                             keys_["viewer"].signs_in + keys_["viewer"].token +
                             "Content-Type: application/json\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body)
                .status,
            204);
  EXPECT_TRUE(viewer.WaitFor("event: session\ndata: ended\n\n"));
  EXPECT_TRUE(viewer.Ends());
}

}  // namespace
}  // namespace candor
