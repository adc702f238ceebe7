// The admin API of hosts that embed the library, with a check of their own.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "native/include/candor/admin.h"
#include "native/include/candor/candor.h"
#include "native/include/candor/telemetry.h"
#include "tests/native/folder.h"
#include "tests/native/local_client.h"

namespace candor {
namespace {

// "127.0.0.1:8071" of "http://127.0.0.1:8071".
std::string AddressOf(const std::string& url) { return url.substr(url.find("//") + 2); }

ClientAnswer Ask(const std::string& url, const std::string& method, const std::string& path,
                 const std::string& headers = "", const std::string& body = "") {
  std::string request = method + ' ' + path + " HTTP/1.1\r\nHost: " + AddressOf(url) + "\r\n";
  request += headers;
  if (!body.empty()) {
    request +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return AskOnce(AddressOf(url), request + "\r\n" + body);
}

std::string As(const std::string& user) { return "X-Shop-User: " + user + "\r\n"; }

class HostAdminTest : public testing::Test {
 protected:
  HostAdminTest() {
    TelemetryOptions options;
    options.config = R"({"mode": "online", "endpoint": "http://127.0.0.1:9/"})";
    options.read_environment = false;
    options.state_folder = folder_.Path("state");
    telemetry_ = std::make_unique<Telemetry>(options);
    telemetry_->SetProduct("Shop", "2.1.0", "community");
  }
  HostAdminOptions Options() {
    HostAdminOptions options;
    options.listen = {"127.0.0.1:0"};
    options.check = [](const AdminCredentials& request) -> AdminIdentity {
      const std::string user(request.Header("X-Shop-User"));
      if (user == "throws") throw std::runtime_error("test");
      AdminIdentity identity{.user = user};
      if (user == "ada") identity.groups = {"camunda-admin"};
      identity.viewer = user != "eve";
      return identity;
    };
    return options;
  }
  Folder folder_;
  std::unique_ptr<Telemetry> telemetry_;
};

TEST_F(HostAdminTest, AsksTheHostWhoItIs) {
  HostAdmin admin(*telemetry_, Options());
  std::string why;
  ASSERT_TRUE(admin.Start(&why)) << why;
  const std::string url = admin.Url();
  const auto status = [&](const std::string& user, const std::string& path) {
    return Ask(url, "GET", path, As(user)).status;
  };
  EXPECT_EQ(Ask(url, "GET", "/api/v1/status").status, 401);
  EXPECT_EQ(status("ada", "/api/v1/status"), 200);
  EXPECT_EQ(status("bob", "/api/v1/status"), 200);
  EXPECT_EQ(status("eve", "/api/v1/status"), 403);
  EXPECT_EQ(status("throws", "/api/v1/status"), 401);
  EXPECT_EQ(status("ada", "/api/v1/audit"), 200);
  EXPECT_EQ(status("bob", "/api/v1/audit"), 403);
  EXPECT_EQ(admin.SetupLink(), "");
  EXPECT_NE(Ask(url, "GET", "/api/v1/session", As("ada")).body.find("\"via\": \"host\""),
            std::string::npos);
}

TEST_F(HostAdminTest, DecidesForTheHostsTelemetry) {
  HostAdmin admin(*telemetry_, Options());
  ASSERT_TRUE(admin.Start());
  const auto toggle = [&](const std::string& user) {
    return Ask(admin.Url(), "POST", "/telemetry/configuration", As(user),
               R"({"enableTelemetry": false})")
        .status;
  };
  EXPECT_EQ(toggle("bob"), 403);
  EXPECT_EQ(telemetry_->Status().find("\"denied\""), std::string::npos);
  EXPECT_EQ(toggle("ada"), 204);
  EXPECT_NE(telemetry_->Status().find("\"denied\""), std::string::npos);
  EXPECT_NE(telemetry_->Status().find("\"ada\""), std::string::npos);
}

TEST_F(HostAdminTest, HasLocalAccountsWithoutACheck) {
  HostAdminOptions options = Options();
  options.check = nullptr;
  HostAdmin admin(*telemetry_, options);
  ASSERT_TRUE(admin.Start());
  const std::string link = admin.SetupLink();
  ASSERT_NE(link.find("/#setup="), std::string::npos);
  const std::string token = link.substr(link.find('=') + 1);
  const ClientAnswer made =
      Ask(admin.Url(), "POST", "/api/v1/setup", "",
          R"({"token": ")" + token + R"(", "name": "ada", "password": "four words in a row"})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(admin.SetupLink(), "");
  EXPECT_EQ(Ask(admin.Url(), "GET", "/api/v1/status", As("ada")).status, 401);
}

TEST_F(HostAdminTest, StartsAgainAfterItStopped) {
  HostAdmin admin(*telemetry_, Options());
  ASSERT_TRUE(admin.Start());
  EXPECT_TRUE(admin.Start());
  admin.Stop();
  EXPECT_EQ(admin.Url(), "");
  ASSERT_TRUE(admin.Start());
  EXPECT_EQ(Ask(admin.Url(), "GET", "/healthz").status, 200);
}

// A child shares the descriptors by which the parent's threads are ended.
TEST_F(HostAdminTest, StaysWithTheParentAfterAFork) {
  auto admin = std::make_unique<HostAdmin>(*telemetry_, Options());
  ASSERT_TRUE(admin->Start());
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(20);
    std::string why;
    const bool started = admin->Start(&why);
    const bool good = !started && !why.empty() && admin->Url().empty();
    admin->Stop();
    admin.reset();
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(Ask(admin->Url(), "GET", "/healthz").status, 200);
  EXPECT_EQ(Ask(admin->Url(), "GET", "/api/v1/status", As("ada")).status, 200);
}

// The check may ask for anything while it is stopped.
TEST_F(HostAdminTest, StopsWhileItIsAsked) {
  HostAdminOptions options = Options();
  HostAdmin* asked = nullptr;
  std::atomic<int> checks = 0;
  options.check = [&](const AdminCredentials&) -> AdminIdentity {
    ++checks;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    static_cast<void>(asked->Url());
    return {.user = "bob"};
  };
  HostAdmin admin(*telemetry_, options);
  asked = &admin;
  ASSERT_TRUE(admin.Start());
  std::thread client([url = admin.Url()] { Ask(url, "GET", "/api/v1/status"); });
  while (checks == 0) std::this_thread::yield();
  admin.Stop();
  client.join();
  EXPECT_EQ(admin.Url(), "");
}

TEST_F(HostAdminTest, WantsAnAddress) {
  HostAdminOptions options = Options();
  options.listen.clear();
  HostAdmin admin(*telemetry_, options);
  std::string why;
  EXPECT_FALSE(admin.Start(&why));
  EXPECT_NE(why.find("listen"), std::string::npos) << why;
}

TEST_F(HostAdminTest, SaysEveryReasonNotToListen) {
  HostAdminOptions options = Options();
  options.listen = {"nowhere", "127.0.0.1:99999"};
  HostAdmin admin(*telemetry_, options);
  std::string why;
  EXPECT_FALSE(admin.Start(&why));
  EXPECT_NE(why.find("nowhere"), std::string::npos) << why;
  EXPECT_NE(why.find("99999"), std::string::npos) << why;
}

TEST_F(HostAdminTest, DoesNotListenForTelemetryThatIsRefused) {
  TelemetryOptions refused;
  refused.config = R"({"mode": "sometimes"})";
  refused.read_environment = false;
  refused.state_folder = folder_.Path("other");
  Telemetry telemetry(refused);
  HostAdmin admin(telemetry, Options());
  std::string why;
  EXPECT_FALSE(admin.Start(&why));
  EXPECT_NE(why, "");
}

// A program in C, as another process.
class CHost {
 public:
  explicit CHost(const std::string& state) {
    EXPECT_EQ(::pipe(in_.data()), 0);
    EXPECT_EQ(::pipe(out_.data()), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in_[0], STDIN_FILENO);
      ::dup2(out_[1], STDOUT_FILENO);
      for (const int end : {in_[0], in_[1], out_[0], out_[1]}) ::close(end);
      ::execl(CANDOR_C_HOST, CANDOR_C_HOST, state.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in_[0]);
    ::close(out_[1]);
    for (char c = 0; ::read(out_[0], &c, 1) == 1 && c != '\n';) url_ += c;
  }
  int End() {
    ::close(in_[1]);
    int status = 0;
    ::waitpid(child_, &status, 0);
    ::close(out_[0]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  const std::string& url() const { return url_; }

 private:
  std::array<int, 2> in_{}, out_{};
  pid_t child_ = -1;
  std::string url_;
};

TEST(CHostAdminTest, AsksAHostInCWhoItIs) {
  Folder folder;
  CHost host(folder.Path("state"));
  ASSERT_EQ(host.url().substr(0, 17), "http://127.0.0.1:");
  EXPECT_EQ(Ask(host.url(), "GET", "/api/v1/status").status, 401);
  EXPECT_EQ(Ask(host.url(), "GET", "/api/v1/status", As("bob")).status, 200);
  EXPECT_EQ(Ask(host.url(), "GET", "/api/v1/audit", As("bob")).status, 403);
  EXPECT_EQ(Ask(host.url(), "GET", "/api/v1/audit", As("ada")).status, 200);
  EXPECT_EQ(Ask(host.url(), "GET", "/api/v1/audit", As("ada") + As("bob")).status, 401);
  EXPECT_EQ(host.End(), 0);
}

class CNullsTest : public testing::Test {
 protected:
  CNullsTest() {
    const std::string state = folder_.Path("state");
    candor_options options;
    std::memset(&options, 0, sizeof(options));
    options.config = R"({"mode": "online", "endpoint": "http://127.0.0.1:9/"})";
    options.state_folder = state.c_str();
    options.ignore_environment = 1;
    telemetry_ = candor_new(&options);
    std::memset(&admin_, 0, sizeof(admin_));
  }
  ~CNullsTest() override { candor_free(telemetry_); }
  Folder folder_;
  candor_telemetry* telemetry_ = nullptr;
  candor_admin_options admin_;
};

TEST_F(CNullsTest, AreRefusedWithAReason) {
  const auto refused = [&](candor_telemetry* telemetry, const candor_admin_options* options) {
    char* why = nullptr;
    EXPECT_EQ(candor_admin_start(telemetry, options, &why), nullptr);
    const bool said = why != nullptr && *why != '\0';
    candor_text_free(why);
    return said;
  };
  EXPECT_TRUE(refused(nullptr, &admin_));
  EXPECT_TRUE(refused(telemetry_, nullptr));
  EXPECT_TRUE(refused(telemetry_, &admin_));  // Without an address.
  EXPECT_EQ(candor_admin_start(telemetry_, &admin_, nullptr), nullptr);
}

TEST_F(CNullsTest, AreNobody) {
  candor_admin_stop(nullptr);
  EXPECT_EQ(candor_admin_url(nullptr), nullptr);
  EXPECT_EQ(candor_admin_setup_link(nullptr), nullptr);
  candor_admin_name(nullptr, "ada");
  candor_admin_group(nullptr, "camunda-admin");
  EXPECT_STREQ(candor_admin_header(nullptr, nullptr), "");
  admin_.listen = "127.0.0.1:0";
  admin_.check = [](void*, const candor_admin_request* request, candor_admin_identity* identity) {
    candor_admin_group(identity, "camunda-admin");
    candor_admin_group(identity, nullptr);
    const bool named = *candor_admin_header(request, nullptr) != '\0';
    candor_admin_name(identity, named ? "ada" : nullptr);
  };
  candor_admin* admin = candor_admin_start(telemetry_, &admin_, nullptr);
  ASSERT_NE(admin, nullptr);
  char* url = candor_admin_url(admin);
  EXPECT_EQ(Ask(url, "GET", "/api/v1/status").status, 401);
  EXPECT_EQ(candor_admin_setup_link(admin), nullptr);
  candor_text_free(url);
  candor_admin_stop(admin);
}

}  // namespace
}  // namespace candor
