// The collector's description, held against what the real process answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "core/json_reader.h"
#include "tests/native/collector_process.h"
#include "tests/native/collector_rig.h"
#include "tests/native/openapi_document.h"

namespace candor {
namespace {

HttpAnswer AnswerFrom(const ClientAnswer& came) {
  HttpAnswer answer{.status = came.status, .content_type = "", .body = came.body};
  std::istringstream lines(came.head);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string name = line.substr(0, colon);
    const std::string value = line.substr(colon + 2, line.find_last_not_of('\r') - colon - 1);
    if (name == "Content-Type") answer.content_type = value;
    answer.headers.emplace_back(name, value);
  }
  return answer;
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

class CollectorOpenApiTest : public testing::Test {
 protected:
  void SetUp() override {
    at_ = collector_.Address();
    document_ = ReadJson(AskOnce(at_, RequestText("GET", "/openapi.json")).body).value();
  }
  // Whether it answers so, and says so of itself. `path`: as the document names it, "" for the
  // target's own.
  void Expect(int status, const std::string& method, const std::string& target,
              const std::string& body = "", const std::string& headers = "",
              const std::string& path = "") {
    const ClientAnswer answer = AskOnce(at_, RequestText(method, target, body, headers));
    const std::string described = path.empty() ? target.substr(0, target.find('?')) : path;
    EXPECT_EQ(answer.status, status) << method << " " << target << "\n" << answer.body;
    EXPECT_EQ(WhyNotDescribed(document_, method, described, AnswerFrom(answer)), "")
        << method << " " << target << " " << answer.status << "\n"
        << answer.head << answer.body;
    if (status < 300) good_.insert(method + " " + described);
  }

  Folder folder_{MemoryFolder()};
  CollectorProcess collector_{folder_, {"--address-burst", "40", "--address-per-second", "1"}};
  std::string at_;
  JsonValue document_;
  std::set<std::string> good_;  // Operations that went well.
};

TEST_F(CollectorOpenApiTest, DescribesEveryAnswerOfTheProcess) {
  const std::string report = EngineReport(InstallationId(1)), key = "Idempotency-Key: a\r\n";
  for (const std::string path : {"/pings", "/v1/reports"}) {
    Expect(path == "/pings" ? 202 : 200, "POST", path, report, key);
    Expect(422, "POST", path, EngineReport(InstallationId(1), 2), key);
    Expect(400, "POST", path, R"({"installation": 1, "product": {"internals": {"jdk": {}}}})");
    Expect(415, "POST", path, report, "Content-Encoding: gzip\r\n");
    Expect(413, "POST", path, std::string((8 << 20) + 1, ' '));
    const std::string file = EngineReport(InstallationId(path == "/pings" ? 2 : 3));
    Expect(202, "POST", path, file, "Candor-Way: file\r\n");
    Expect(400, "POST", path, file, "Candor-Way: file\r\n" + key);
  }
  for (int i = 4; i <= 14; ++i) Expect(202, "POST", "/v1/reports", EngineReport(InstallationId(i)));
  const std::string today = TimeText(SystemClock().Wall()).substr(0, 10);
  const std::string forwarded = "X-Forwarded-For: 192.0.2.1\r\n";
  Expect(200, "GET", "/v1/reports?latest=20");
  Expect(400, "GET", "/v1/reports?latest=0");
  Expect(403, "GET", "/v1/reports?latest=20", "", forwarded);
  Expect(405, "GET", "/v1/reports");
  for (const std::string path : {"/v1/statistics", "/v1/statistics.csv"}) {
    Expect(200, "GET", path);
    Expect(200, "GET", path + "?from=" + today + "&to=" + today);
    Expect(400, "GET", path + "?from=" + today);
    Expect(400, "GET", path + "?least=1");
  }
  const std::string wish = R"({"installation": "a", "secret": ")" + std::string(64, '0') + "\"}";
  Expect(200, "POST", "/v1/erasure", wish);
  Expect(400, "POST", "/v1/erasure", "{}");
  Expect(413, "POST", "/v1/erasure", std::string(5000, ' '));
  for (const char* path : {"/v1/keys", "/metrics", "/healthz", "/readyz", "/openapi.json"}) {
    Expect(200, "GET", path);
  }
  const ClientAnswer page = AskOnce(at_, RequestText("GET", "/"));
  const bool has_page = page.status == 200;
  for (const char* path : {"/", "/upload", "/lately", "/favicon.svg"}) {
    Expect(has_page ? 200 : 404, "GET", path);
  }
  Expect(404, "GET", "/assets/none.js", "", "", "/assets/{file}");
  for (int i = 0; AskOnce(at_, RequestText("POST", "/pings", report)).status != 429; ++i) {
    ASSERT_LT(i, 100) << "nobody is limited";
  }
  Expect(429, "POST", "/pings", report);
  Expect(429, "POST", "/v1/reports", report);

  std::set<std::string> described;
  for (const JsonMember& path : document_.Find("paths")->members()) {
    for (const JsonMember& operation : path.value.members()) {
      described.insert(Upper(operation.key) + " " + path.key);
    }
  }
  described.erase("GET /assets/{file}");  // Its names change with what is in them.
  if (!has_page) {
    std::erase_if(described, [](const std::string& one) {
      return one == "GET /" || one == "GET /upload" || one == "GET /lately" ||
             one == "GET /favicon.svg";
    });
  }
  EXPECT_EQ(good_, described) << "each described operation, and no other";
}

}  // namespace
}  // namespace candor
