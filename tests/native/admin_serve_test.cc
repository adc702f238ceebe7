// `candor serve --admin` as a process: every route answers as native/admin/openapi.json says.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/base64.h"
#include "core/sha256.h"
#include "tests/native/handlers_rig.h"
#include "tests/native/local_serve_rig.h"
#include "tests/native/openapi_check.h"

namespace candor {
namespace {

const std::string kPassword = "a long enough one, and then some";

// As WhyNotDescribed wants it: no chunks, names as they were sent.
HttpAnswer AnswerOf(const ClientAnswer& came) {
  HttpAnswer answer{came.status, "", came.body, {}};
  std::istringstream lines(came.head);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.ends_with('\r')) line.pop_back();
    const std::string name = line.substr(0, colon), value = line.substr(colon + 2);
    if (name == "Content-Type") answer.content_type = value;
    answer.headers.emplace_back(name, value);
  }
  return answer;
}

class AdminServeTest : public LocalServeRig {
 protected:
  void Listen(const std::vector<std::string>& more = {}) {
    Configure("online");
    std::ofstream(Path("facts.json")) << kShop;
    std::vector<std::string> words = {"--facts", Path("facts.json"), "--admin", "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    StartWith(words);
    ASSERT_TRUE(Eventually([&] { return Logged("http://127.0.0.1:"); })) << Read("log");
    address_ = Address("http://127.0.0.1:").substr(7);
  }
  void Begin() {
    Listen();
    ASSERT_TRUE(Eventually([&] { return Logged("#setup="); })) << Read("log");
    const std::string log = Read("log");
    const std::size_t token = log.find("#setup=") + 7;
    const std::string made = R"({"token": ")" + log.substr(token, log.find('\n', token) - token) +
                             R"(", "name": "ada", "password": ")" + kPassword + "\"}";
    ASSERT_EQ(Ask("POST", "/api/v1/setup", made, "").status, 201);
  }

  HttpAnswer Ask(const std::string& method, const std::string& target, const std::string& body,
                 const std::string& more) {
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + address_ + "\r\n" + more;
    if (!body.empty()) {
      request +=
          "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
          "\r\n";
    }
    const HttpAnswer answer = AnswerOf(AskOnce(address_, request + "\r\n" + body));
    const RouteMatch match = FindRoute(method, target.substr(0, target.find('?')));
    if (match.route != nullptr) {
      EXPECT_EQ(WhyNotDescribed(*match.route, answer), "") << method << " " << target << "\n"
                                                           << answer.status << " " << answer.body;
      asked_.insert(std::string(match.route->method) + " " + std::string(match.route->path));
    }
    return answer;
  }
  HttpAnswer AsAda(const std::string& method, const std::string& target,
                   const std::string& body = "", const std::string& more = "") {
    const std::string who = "ada:" + kPassword;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(who.data());
    return Ask(method, target, body,
               "Authorization: Basic " + Base64({bytes, who.size()}) + "\r\n" + more);
  }

  std::string address_;
  std::set<std::string> asked_;
};

TEST_F(AdminServeTest, EveryRouteAnswersAsItIsDescribed) {
  Begin();
  const std::string digest = DigestIn(AsAda("POST", "/api/v1/preview", R"({"as": "grant"})"));
  EXPECT_EQ(Sha256Hex(AsAda("GET", "/api/v1/preview/" + digest).body), digest);
  const std::string tag = Header(AsAda("GET", "/api/v1/consent"), "ETag");
  const std::string match = "If-Match: " + tag + "\r\n";
  ASSERT_EQ(AsAda("PUT", "/api/v1/consent", GrantOf(digest), match).status, 200);
  EXPECT_EQ(AsAda("PUT", "/api/v1/consent", GrantOf(digest), match).status, 412);
  EXPECT_EQ(AsAda("PUT", "/api/v1/consent", GrantOf(digest)).status, 428);
  const JsonValue reports = Document(AsAda("GET", "/api/v1/reports?limit=5"));
  ASSERT_EQ(reports.Find("reports")->items().size(), 1U);
  const std::string id = TextAt(reports.Find("reports")->items()[0], {"id"});
  EXPECT_EQ(Sha256Hex(AsAda("GET", "/api/v1/reports/" + id + "/bytes").body), digest);
  EXPECT_EQ(AsAda("POST", "/api/v1/reports/" + id + "/withdraw").status, 204);
  EXPECT_EQ(AsAda("POST", "/api/v1/accounts",
                  R"({"name": "eve", "role": "viewer", "password": ")" + kPassword + "\"}")
                .status,
            201);
  EXPECT_EQ(AsAda("DELETE", "/api/v1/accounts/eve").status, 204);
  EXPECT_EQ(AsAda("POST", "/telemetry/configuration", R"({"enableTelemetry": false})").status, 204);
  EXPECT_EQ(AsAda("PUT", "/api/settings", R"({"sharingEnabled": false})").status, 204);
  EXPECT_EQ(
      Ask("POST", "/api/v1/session", R"({"name": "ada", "password": ")" + kPassword + "\"}", "")
          .status,
      200);
  EXPECT_EQ(Ask("POST", "/api/v1/session", R"({"name": "ada", "password": "wrong"})", "").status,
            401);
  AsAda("PUT", "/api/v1/password", R"({"old": "x", "new": "y"})");
  AsAda("DELETE", "/api/v1/session");
  // All others with what stands there now, as somebody and as nobody.
  for (const Route& route : Routes()) {
    if (route.id == RouteId::kEvents) continue;
    std::string target(route.path);
    if (const std::size_t open = target.find('{'); open != std::string::npos) {
      target.replace(open, target.find('}') - open + 1, id);
    }
    const std::string method(route.method), body = route.most_body_bytes > 0 ? "{}" : "";
    AsAda(method, target, body);
    Ask(method, target, body, "");
    AsAda(method, target, "[1");
  }
  EXPECT_EQ(asked_.size() + 1, Routes().size());
  EXPECT_EQ(Kill(SIGTERM), 0);
}

TEST_F(AdminServeTest, BelievesTheOneFamilyOfHeadersThatTheProxySets) {
  Listen({"--admin-proxy", "127.0.0.1", "--admin-auth-request", "--admin-superuser", "ada"});
  const auto status = [&](const std::string& headers) {
    return Ask("GET", "/api/v1/audit", "", headers).status;
  };
  EXPECT_EQ(status("X-Auth-Request-User: ada\r\n"), 200);
  EXPECT_EQ(status("X-Auth-Request-User: bob\r\n"), 403);
  EXPECT_EQ(status("X-Forwarded-User: ada\r\n"), 400);
  EXPECT_EQ(status("X-Auth-Request-User: bob\r\nX-Forwarded-Groups: camunda-admin\r\n"), 400);
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(Kill(SIGTERM), 0);
}

}  // namespace
}  // namespace candor
