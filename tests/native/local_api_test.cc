// The local API without sockets: who may ask what, and what comes of it.
#include "native/serve/local_api.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/exposition.h"
#include "core/json_reader.h"
#include "core/problems.h"
#include "native/base/random.h"
#include "native/http/listen_address.h"
#include "native/serve/api_token.h"
#include "native/serve/count_names.h"
#include "native/serve/facts_folder.h"
#include "native/serve/own_metrics.h"
#include "tests/core/corpora.h"
#include "tests/native/folder.h"
#include "tests/native/local_target.h"

namespace candor {
namespace {

const std::string kDeploy = "/product/internals/commands/DeployCmd/count";
const std::string kInstances = "/product/internals/metrics/process-instances/count";

HttpRequest Request(std::string method, std::string target, std::string body = "") {
  HttpRequest request{std::move(method), std::move(target), {}, std::move(body)};
  request.headers = {{"Host", "localhost"}};
  if (request.method == "POST" || request.method == "PUT") {
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Content-Length", std::to_string(request.body.size()));
  }
  return request;
}

HttpRequest With(HttpRequest request, std::string name, std::string value) {
  request.headers.emplace_back(std::move(name), std::move(value));
  return request;
}

HttpRequest Without(HttpRequest request, const std::string& name) {
  std::erase_if(request.headers, [&name](const auto& header) { return header.first == name; });
  return request;
}

// 0 when it may be read.
int Refusal(const HttpRequest& request, const LocalAccess& access = {}) {
  const auto answer = RefuseLocal(request, access);
  return answer ? answer->status : 0;
}

std::vector<std::string> Pointers(const HttpAnswer& answer) {
  std::vector<std::string> pointers;
  const Result<JsonValue> document = ReadJson(answer.body);
  if (!document.ok() || document.value().Find("errors") == nullptr) return pointers;
  for (const JsonValue& error : document.value().Find("errors")->items()) {
    pointers.push_back(error.Find("pointer")->text());
  }
  return pointers;
}

class LocalApiTest : public testing::Test {
 protected:
  HttpAnswer Ask(const HttpRequest& request) { return AnswerLocal(request, target_); }
  int Count(const std::string& body) { return Ask(Request("POST", "/v1/counts", body)).status; }

  Folder folder_;
  TestTarget target_{folder_.Path("facts")};
};

// ---- history

TEST_F(LocalApiTest, AsksForTheHistoryOfAComponent) {
  const auto asked = [this](const std::string& query) {
    const HttpRequest request = Request("GET", "/v1/history" + query);
    EXPECT_FALSE(RefuseLocal(request, {}).has_value()) << query;
    return Ask(request).body;
  };
  EXPECT_EQ(asked(""), " since 0");
  EXPECT_EQ(asked("?"), " since 0");
  EXPECT_EQ(asked("?component=r%2Foperate&since=17"), "r/operate since 17");
  EXPECT_EQ(asked("?since=17&component=%c3%a4"), "ä since 17");
}

TEST_F(LocalApiTest, TellsAllThatIsWrongWithAQuery) {
  for (const char* const wrong :
       {"component", "component=", "component=%", "component=%4", "component=%zz", "component=%ff",
        "component=a&component=b", "since=", "since=-1", "since=1x", "since=99999999999999999999",
        "until=3", "="}) {
    EXPECT_EQ(Ask(Request("GET", std::string("/v1/history?") + wrong)).status, 400) << wrong;
  }
  EXPECT_EQ(Pointers(Ask(Request("GET", "/v1/history?since=x&a=1&component="))),
            (std::vector<std::string>{"/since", "/a", "/component"}));
  EXPECT_EQ(Ask(Request("GET", "/v1/historyx")).status, 404);
  EXPECT_EQ(Ask(Request("GET", "/v1/status?x=1")).status, 404);
}

// ---- counts

TEST_F(LocalApiTest, AddsToEveryCountOfTheBody) {
  EXPECT_EQ(Count(R"({"commands/DeployCmd": 3, "metrics/process-instances": 2})"), 204);
  EXPECT_EQ(Count(R"({"/product/internals/commands/DeployCmd/count": 4e0, "commands/X": 0})"), 204);
  EXPECT_EQ(target_.Total(kDeploy), 7u);
  EXPECT_EQ(target_.Total(kInstances), 2u);
}

TEST_F(LocalApiTest, AddsNothingWhenAnythingIsWrongAndSaysAllOfIt) {
  const HttpAnswer answer = Ask(Request("POST", "/v1/counts", R"({
      "commands/DeployCmd": 1, "commands/a": -1, "commands/b": 1.5, "commands/c": "1",
      "commands/d": 9007199254740992, "orders": 1, "/product/name": 1, "commands/a b": 1,
      "metrics/unique-task-workers": 1})"));
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.content_type, "application/problem+json");
  EXPECT_EQ(Pointers(answer),
            (std::vector<std::string>{"/commands~1a", "/commands~1b", "/commands~1c",
                                      "/commands~1d", "/orders", "/~1product~1name",
                                      "/commands~1a b", "/metrics~1unique-task-workers"}));
  EXPECT_EQ(target_.Total(kDeploy), 0u);
}

TEST_F(LocalApiTest, SaysWhichNameWasMeant) {
  const HttpAnswer answer = Ask(Request("POST", "/v1/counts", R"({"metrics/proces-instances":1})"));
  EXPECT_NE(answer.body.find(R"(did you mean \"metrics/process-instances\")"), std::string::npos)
      << answer.body;
}

TEST_F(LocalApiTest, RefusesWhatIsNoJsonObjectOfNumbers) {
  for (const char* const body : {"", "{", "[]", "1", "{\"commands/a\": 1,}", "\xff",
                                 "{\"commands/a\": 1, \"commands/a\": 2}"}) {
    const int status = Count(body);
    EXPECT_TRUE(status == 400 || status == 422) << body;
  }
  EXPECT_EQ(target_.Total("/product/internals/commands/a/count"), 0u);
}

TEST_F(LocalApiTest, ACountComesToNoMoreThanCanBeReported) {
  EXPECT_EQ(Count(R"({"commands/DeployCmd": 9007199254740990})"), 204);
  EXPECT_EQ(Count(R"({"commands/DeployCmd": 2})"), 422);
  EXPECT_EQ(Count(R"({"commands/DeployCmd": 1})"), 204);
  EXPECT_EQ(target_.Total(kDeploy), 9'007'199'254'740'991u);
  // Twice the most, under two names of one count.
  EXPECT_EQ(Count(R"({"metrics/process-instances": 9007199254740991,
                      "/product/internals/metrics/process-instances/count": 9007199254740991})"),
            422);
  EXPECT_EQ(target_.Total(kInstances), 0u);
}

TEST_F(LocalApiTest, BothNamesOfOneCountAreAddedTogether) {
  EXPECT_EQ(Count(R"({"metrics/process-instances": 1, "metrics/root-process-instance-start": 2})"),
            204);
  EXPECT_EQ(target_.Total(kInstances), 3u);
}

TEST_F(LocalApiTest, MoreNamesThanThereIsRoomForAreRefusedWhole) {
  std::string body = R"({"commands/DeployCmd": 1)";
  for (std::size_t i = 0; i < kMaxCounterNames; ++i) {
    body += ", \"commands/C" + std::to_string(i) + "\": 1";
  }
  EXPECT_EQ(Count(body + "}"), 507);
  EXPECT_EQ(target_.Total(kDeploy), 0u);
}

TEST_F(LocalApiTest, TellsWhatWasEverCounted) {
  Count(R"({"commands/DeployCmd": 3})");
  EXPECT_EQ(Ask(Request("GET", "/v1/counts")).body,
            "{\n  \"counts\": {\n    \"" + kDeploy + "\": 3\n  }\n}\n");
}

TEST_F(LocalApiTest, WhileTelemetryIsOffNothingIsKeptAndTheAnswerSaysWhy) {
  target_.off = true;
  const HttpAnswer answer = Ask(Request("POST", "/v1/counts", R"({"commands/DeployCmd": 1})"));
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.body.find("the mode is disabled"), std::string::npos);
  EXPECT_EQ(Ask(Request("PUT", "/v1/facts/shop", R"({"values": {}})")).status, 409);
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("facts")));
  target_.off = false;
  EXPECT_EQ(target_.Total(kDeploy), 0u);
}

TEST_F(LocalApiTest, SurvivesNaughtyStringsAsNamesValuesAndBodies) {
  const std::string corpus = CorporaFolder("blns");
  if (corpus.empty()) GTEST_SKIP() << kNoCorpora;
  const Result<JsonValue> strings = ReadJson(candor::ReadFile(corpus + "/blns.json"));
  ASSERT_TRUE(strings.ok());
  ASSERT_GT(strings.value().items().size(), 400u);
  const Catalogue engine = ParseCatalogue(FindBuiltInCatalogue("engine")->json).value();
  for (const JsonValue& item : strings.value().items()) {
    const std::string& text = item.text();
    const std::string body = WriteJson(JsonValue::Object({{text, JsonValue::Integer(1), {}}}));
    const int status = Count(body);
    EXPECT_EQ(status, CounterCalled(text, engine) ? 204 : 422) << text;
    EXPECT_EQ(Count("{\"commands/a\": " + WriteJson(item) + "}"), 422);
    const int raw = Count(text);
    EXPECT_TRUE(raw == 400 || raw == 422 || raw == 204) << text;
    const int refused = Refusal(Request("PUT", "/v1/facts/" + text, "{}"));
    EXPECT_EQ(refused, FactsShelf::IsName(text) ? 0 : 404) << text;
    const HttpRequest fact = Request(
        "PUT", "/v1/facts/naughty",
        WriteJson(JsonValue::Object({{"values", JsonValue::Object({{text, item, {}}}), {}}})));
    EXPECT_TRUE(Ask(fact).status / 100 == 2) << text;
    const HttpAnswer told = Ask(Request("GET", "/v1/facts/naughty"));
    EXPECT_EQ(told.body, fact.body);
    EXPECT_TRUE(ReadJson(Ask(Request("GET", "/v1/facts")).body).ok());
  }
}

// ---- facts

TEST_F(LocalApiTest, KeepsFactsByteForByteUntilTheyAreDeleted) {
  const std::string body = R"({ "values": {"product":{"name":"Shop"}} })";
  EXPECT_EQ(Ask(Request("PUT", "/v1/facts/shop-1", body)).status, 201);
  EXPECT_EQ(Ask(Request("PUT", "/v1/facts/shop-1", body)).status, 204);
  EXPECT_EQ(target_.facts_changed, 2);
  EXPECT_EQ(Ask(Request("GET", "/v1/facts/shop-1")).body, body);
  EXPECT_EQ(candor::ReadFile(folder_.Path("facts/shop-1.json")), body);
  EXPECT_EQ(Ask(Request("GET", "/v1/facts")).body,
            "{\n  \"facts\": {\n    \"shop-1\": {\n      \"values\": {\n        \"product\": {\n"
            "          \"name\": \"Shop\"\n        }\n      }\n    }\n  }\n}\n");
  EXPECT_EQ(Ask(Request("DELETE", "/v1/facts/shop-1")).status, 204);
  EXPECT_EQ(Ask(Request("DELETE", "/v1/facts/shop-1")).status, 404);
  EXPECT_EQ(Ask(Request("GET", "/v1/facts/shop-1")).status, 404);
  EXPECT_EQ(Ask(Request("GET", "/v1/facts")).body, "{\n  \"facts\": {}\n}\n");
}

TEST_F(LocalApiTest, FactsAreReadByTheCodeThatReadsDroppedFiles) {
  Ask(Request("PUT", "/v1/facts/shop", R"({"values": {"product": {"name": "Shop"}}})"));
  FactsFolder reader(folder_.Path("facts"));
  FactsDraft draft;
  EXPECT_TRUE(reader.AddTo(draft).empty());
  ASSERT_NE(draft.Find("/product/name"), nullptr);
  EXPECT_EQ(draft.Find("/product/name")->text(), "Shop");
}

TEST_F(LocalApiTest, RefusesFactsThatFactFilesCouldNotHold) {
  for (const char* const body : {"", "[]", R"({"values": 1})", R"({"licenseKey": "a;b"})",
                                 R"({"values": {}, "other": 1})", R"({"values": {"a":1,"a":2}})"}) {
    const int status = Ask(Request("PUT", "/v1/facts/shop", body)).status;
    EXPECT_TRUE(status == 400 || status == 422) << body;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("facts/shop.json")));
}

TEST_F(LocalApiTest, NamesOfFactsNeverLeaveTheirFolder) {
  for (const std::string& name : std::vector<std::string>{
           "", ".", "..", "../x", "..%2fx", "a/b", "/etc/passwd", ".a", "-a", "_a", "A", "a b",
           "a\n", "ä", "a%00", "a?b", "a#b", "shop/", std::string(65, 'a')}) {
    EXPECT_EQ(Refusal(Request("PUT", "/v1/facts/" + name, "{}")), 404) << name;
    EXPECT_EQ(Refusal(Request("DELETE", "/v1/facts/" + name)), 404) << name;
  }
  EXPECT_EQ(Refusal(Request("PUT", "/v1/facts/a..b", "{}")), 0);
  EXPECT_EQ(Refusal(Request("PUT", "/v1/facts/" + std::string(64, 'a'), "{}")), 0);
}

TEST_F(LocalApiTest, KeepsAtMost256FactsAndSaysSo) {
  EXPECT_EQ(Ask(Request("PUT", "/v1/facts/f0", "{}")).status, 201);
  for (std::size_t i = 1; i < kMaxFactFiles; ++i) {
    folder_.Write("facts/f" + std::to_string(i) + ".json", "{}");
  }
  EXPECT_EQ(Ask(Request("PUT", "/v1/facts/more", "{}")).status, 507);
  EXPECT_EQ(Ask(Request("PUT", "/v1/facts/f7", "{}")).status, 204);
}

// ---- who may ask what

TEST(RefuseLocalTest, KnowsItsPathsAndTheirMethods) {
  for (const char* const path : {"/v1/counts", "/v1/facts", "/v1/facts/a", "/v1/status",
                                 "/v1/components", "/metrics", "/healthz"}) {
    EXPECT_EQ(Refusal(Request("GET", path)), 0) << path;
    EXPECT_EQ(Refusal(Request("HEAD", path)), 0) << path;
    EXPECT_EQ(Refusal(Request("TRACE", path)), 405) << path;
    EXPECT_EQ(Refusal(Request("", path)), 405) << path;
  }
  const auto answer = RefuseLocal(Request("DELETE", "/v1/counts"), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 405);
  EXPECT_EQ(answer->headers.back(),
            (std::pair<std::string, std::string>("Allow", "GET, HEAD, POST")));
  for (const char* const path : {"/", "/v1", "/v1/counts/", "/v1/counts?x=1", "/v1//counts",
                                 "/v1/%63ounts", "/V1/counts", "/metrics/../healthz"}) {
    EXPECT_EQ(Refusal(Request("GET", path)), 404) << path;
  }
  for (const char* const target : {"http://localhost/v1/counts", "*", "", "v1/counts"}) {
    EXPECT_EQ(Refusal(Request("GET", target)), 400) << target;
  }
}

TEST(RefuseLocalTest, ABodyHasOneLengthAndIsJson) {
  const HttpRequest post = Request("POST", "/v1/counts", "{}");
  EXPECT_EQ(Refusal(post), 0);
  EXPECT_EQ(Refusal(With(Without(post, "Content-Type"), "content-type",
                         "Application/JSON; charset=utf-8")),
            0);
  EXPECT_EQ(Refusal(Without(post, "Content-Type")), 415);
  EXPECT_EQ(Refusal(With(Without(post, "Content-Type"), "Content-Type", "text/plain")), 415);
  EXPECT_EQ(Refusal(With(Without(post, "Content-Type"), "Content-Type", "application/jsonx")), 415);
  EXPECT_EQ(Refusal(With(post, "Content-Type", "text/plain")), 415);
  EXPECT_EQ(Refusal(Without(post, "Content-Length")), 411);
  EXPECT_EQ(Refusal(With(post, "Content-Length", "2")), 400);
  EXPECT_EQ(Refusal(With(post, "Transfer-Encoding", "chunked")), 400);
  EXPECT_EQ(Refusal(With(Without(post, "Content-Length"), "Transfer-Encoding", "chunked")), 411);
  const HttpRequest bare = Without(post, "Content-Length");
  EXPECT_EQ(Refusal(With(bare, "Content-Length", "1048576")), 0);
  for (const char* const length : {"1048577", "99999999999999999999999999"}) {
    EXPECT_EQ(Refusal(With(bare, "Content-Length", length)), 413) << length;
  }
  for (const char* const length : {"-1", "+2", "2,2", "0x2", ""}) {
    EXPECT_EQ(Refusal(With(bare, "Content-Length", length)), 400) << length;
  }
  EXPECT_EQ(Refusal(With(Request("GET", "/v1/counts"), "Content-Length", "0")), 0);
  EXPECT_EQ(Refusal(With(Request("GET", "/v1/counts"), "Content-Length", "2")), 400);
}

TEST(RefuseLocalTest, OverTheNetworkATokenIsNeeded) {
  const LocalAccess access{true, std::string(64, 'a')};
  const HttpRequest get = Request("GET", "/v1/counts");
  EXPECT_EQ(Refusal(With(get, "Authorization", "Bearer " + access.token), access), 0);
  EXPECT_EQ(Refusal(With(get, "authorization", "bearer  " + access.token), access), 0);
  EXPECT_EQ(Refusal(get, access), 401);
  EXPECT_EQ(Refusal(Request("GET", "/secret"), access), 401) << "nor what there is";
  for (const std::string& wrong :
       {std::string("Bearer "), "Bearer " + std::string(63, 'a'), "Bearer " + std::string(65, 'a'),
        "Bearer " + std::string(63, 'a') + "b", "Basic " + access.token, access.token}) {
    EXPECT_EQ(Refusal(With(get, "Authorization", wrong), access), 401) << wrong;
  }
  const HttpRequest twice = With(With(get, "Authorization", "Bearer " + access.token),
                                 "Authorization", "Bearer " + access.token);
  EXPECT_EQ(Refusal(twice, access), 401);
  EXPECT_EQ(Refusal(With(get, "Authorization", "Bearer "), {true, ""}), 401) << "no token opens";
  EXPECT_EQ(Refusal(Request("GET", "/metrics"), access), 0);
  EXPECT_EQ(Refusal(Request("GET", "/healthz"), access), 0);
}

TEST(RefuseLocalTest, OverTheNetworkTheHostIsThisMachine) {
  const LocalAccess access{true, std::string(64, 'a')};
  const HttpRequest bare = Without(Request("GET", "/healthz"), "Host");
  for (const char* const host : {"localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:4321"}) {
    EXPECT_EQ(Refusal(With(bare, "Host", host), access), 0) << host;
  }
  for (const char* const host :
       {"evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.1", "", "localhost/",
        "localhost:x", "a@localhost", "0x7f000001", "localhost, evil.example"}) {
    EXPECT_EQ(Refusal(With(bare, "Host", host), access), 403) << host;
  }
  EXPECT_EQ(Refusal(bare, access), 403);
  EXPECT_EQ(Refusal(With(With(bare, "Host", "localhost"), "Host", "localhost"), access), 403);
}

TEST(RefuseLocalTest, BrowsersPagesMayNotAsk) {
  for (const bool network : {false, true}) {
    const LocalAccess access{network, std::string(64, 'a')};
    const HttpRequest get = Request("GET", "/metrics");
    EXPECT_EQ(Refusal(With(get, "Origin", "http://localhost"), access), 403);
    EXPECT_EQ(Refusal(With(get, "origin", "null"), access), 403);
    EXPECT_EQ(Refusal(With(get, "Sec-Fetch-Site", "same-origin"), access), 403);
  }
}

// ---- what it stands on

TEST(ParseListenAddressTest, TakesThisMachineOnly) {
  for (const std::string text : {"unix:/run/candor/candor.sock", "127.0.0.1:4321", "[::1]:0"}) {
    const Result<ListenAddress> address = ParseListenAddress(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(Text(address.value()), text);
  }
  for (const std::string text :
       {"", "unix:", "unix:candor.sock", "unix:/run/", "0.0.0.0:80", "localhost:80", "[::]:80",
        "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8 0", ":80",
        "10.0.0.1:80"}) {
    EXPECT_FALSE(ParseListenAddress(text).ok()) << text;
  }
  EXPECT_EQ(ParseListenAddress("unix:/" + std::string(107, 'a')).error().code,
            ErrorCode::kOverLimit);
}

TEST(ApiTokenTest, IsMadeOnceForThisUserAlone) {
  const Folder folder;
  const std::string state = folder.Path("state");
  const Result<std::string> first = LoadApiToken(state, SystemRandom());
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().size(), 64u);
  EXPECT_EQ(LoadApiToken(state, SystemRandom()).value(), first.value());
  struct stat status;
  ASSERT_EQ(::stat(ApiTokenPath(state).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  const Folder other;
  EXPECT_NE(LoadApiToken(other.Path("state"), SystemRandom()).value(), first.value());
}

TEST(ApiTokenTest, OneThatOthersMayHaveReadOrThatIsDamagedIsRefused) {
  const Folder folder;
  const std::string good = std::string(64, 'a') + "\n";
  folder.Write("api-token", good, 0644);
  EXPECT_EQ(LoadApiToken(folder.Path("."), SystemRandom()).error().code, ErrorCode::kUnavailable);
  for (const std::string& bad :
       {std::string(), good.substr(1), "g" + good.substr(1), good + good}) {
    folder.Write("api-token", bad);
    EXPECT_EQ(LoadApiToken(folder.Path("."), SystemRandom()).error().code, ErrorCode::kCorrupt);
  }
  folder.Write("token", good);
  std::filesystem::remove(folder.Path("api-token"));
  std::filesystem::create_symlink("token", folder.Path("api-token"));
  EXPECT_EQ(LoadApiToken(folder.Path("."), SystemRandom()).error().code, ErrorCode::kUnavailable);
}

TEST(OwnMetricsTest, PassTheStrictReader) {
  Collection collection;
  collection.collected_at = 1'795'266'633'452;
  collection.components.resize(3);
  collection.components[0].health = Health::kDown;
  collection.components[0].problems = {{"readiness", "refused"}};
  OwnEvents events;
  events.See("CANDOR-008");
  OwnNumbers numbers;
  numbers.started_at = 1'795'266'633'452;
  const std::string least = OwnMetricsText(numbers, events);
  numbers.state_readable = true;
  numbers.action = Action::kWait;
  numbers.last_accepted_at = 1'795'266'633'000;
  numbers.next_due_at = 1'795'353'033'000;
  numbers.pending_bytes = 1000;
  numbers.counter_names = 2;
  numbers.collection = &collection;
  numbers.collection_ms = 1'250;
  const std::string most = OwnMetricsText(numbers, events);
  for (const std::string& text : {least, most}) {
    ExpositionChecker checker(ExpositionFormat::kPrometheusText);
    checker.Feed(text);
    const Problems problems = checker.Finish();
    EXPECT_TRUE(problems.empty()) << ProblemsAsText(problems) << text;
    EXPECT_GT(checker.families(), 5u);
  }
  for (const char* const row :
       {"candor_last_accepted_timestamp_seconds 1795266633.000\n",
        "candor_decision{action=\"wait\"} 1\n", "candor_components{health=\"down\"} 1\n",
        "candor_components{health=\"not_asked\"} 2\n", "candor_components_unread 1\n",
        "candor_collection_duration_seconds 1.250\n", "candor_reports_accepted_total 1\n"}) {
    EXPECT_NE(most.find(row), std::string::npos) << row << most;
  }
}

}  // namespace
}  // namespace candor
