#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "core/catalogue.h"
#include "core/data_points.h"
#include "core/facts.h"
#include "core/json_reader.h"
#include "core/report.h"
#include "native/import/environment.h"
#include "native/import/source.h"
#include "native/scrape/collection_text.h"
#include "native/scrape/exposition_reading.h"
#include "native/scrape/usage_endpoint.h"
#include "tests/core/corpora.h"
#include "tests/native/component_server.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

FetchLimits Quick() {
  FetchLimits limits;
  limits.timeout_ms = 2000;
  limits.body_bytes = std::size_t{1} << 20;
  return limits;
}

class ScrapeTest : public testing::Test {
 protected:
  ScrapeTest() : catalogue_(ParseCatalogue(FindBuiltInCatalogue("console")->json).value()) {
    config_.customer_id.value = "c";
    config_.installation_id.value = "i";
  }

  Collection Read(std::vector<ManagedComponent> components, const FetchLimits& limits = Quick()) {
    config_.releases.value = {{"r", "n", "1", std::move(components)}};
    return ReadReleases(limits);
  }
  Collection ReadReleases(const FetchLimits& limits = Quick()) {
    HttpFetcher fetcher(limits);
    return Collect(config_.releases.value, catalogue_, fetcher, SystemClock());
  }

  // The report that is made of a collection, or what speaks against it.
  std::string Report(const Collection& collection) {
    const std::string document = FactsOf(collection);
    const Result<Facts> facts = ParseFacts(document);
    if (!facts.ok()) return facts.error().message;
    StringSink sink;
    const Problems problems = BuildReport({config_, catalogue_, facts.value()}, sink);
    return problems.empty() ? sink.text() : problems.list().front().message;
  }

  // Reads "operate" as given beside a healthy "optimize", which must not notice.
  ComponentReading ReadBesideAHealthyOne(const ManagedComponent& operate) {
    const Collection collection = Read({operate, server_.HealthyComponent("optimize")});
    const ComponentReading& healthy = collection.components.at(1);
    EXPECT_EQ(healthy.health, Health::kHealthy);
    EXPECT_TRUE(healthy.problems.empty());
    EXPECT_EQ(healthy.cpu, 0.25);
    const std::string report = Report(collection);
    EXPECT_NE(report.find("\"transferredValue\": \"4.0E2\""), std::string::npos) << report;
    return collection.components.at(0);
  }
  // The same, with metrics that misbehave as told.
  ComponentReading ReadMetrics(Script script) {
    server_.Serve("/operate/ready", GoodAnswer("", "text/plain"));
    server_.Serve("/operate/actuator/prometheus", std::move(script));
    const ComponentReading reading = ReadBesideAHealthyOne(server_.Component("operate"));
    EXPECT_EQ(reading.health, Health::kHealthy);
    return reading;
  }
  ComponentReading ReadMetrics(const std::string& answer) {
    Script script;
    script.answer = answer;
    return ReadMetrics(std::move(script));
  }

  const Catalogue catalogue_;
  Config config_;
  ComponentServer server_;
};

// Why the metrics, or what stands with them, could not be read.
std::string WhyNot(const ComponentReading& reading) {
  EXPECT_FALSE(reading.metrics_read);
  EXPECT_TRUE(reading.exposition.empty());
  for (const ReadingProblem& problem : reading.problems) {
    if (problem.what.rfind("metrics", 0) == 0) return problem.why;
  }
  return "";
}

TEST_F(ScrapeTest, ReadsHealthAndTileNumbers) {
  const Collection collection = Read({server_.HealthyComponent("optimize")});
  const ComponentReading& reading = collection.components.at(0);
  EXPECT_EQ(reading.health, Health::kHealthy);
  EXPECT_TRUE(reading.metrics_read);
  EXPECT_EQ(reading.cpu, 0.25);
  EXPECT_EQ(reading.memory_used, 1000);
  EXPECT_EQ(reading.memory_most, 4000);
  EXPECT_NE(ComponentsText(collection).find("25 %"), std::string::npos);
}

TEST_F(ScrapeTest, WhatIsNotReadySaysSo) {
  ManagedComponent component = server_.HealthyComponent("optimize");
  server_.Serve("/optimize/ready", Answers(503));
  const ComponentReading reading = Read({component}).components.at(0);
  EXPECT_EQ(reading.health, Health::kUnhealthy);
  EXPECT_EQ(reading.problems.at(0).why, "answered with status 503");
  EXPECT_TRUE(reading.metrics_read);
}

TEST_F(ScrapeTest, WithoutEndpointsNothingIsAsked) {
  const ComponentReading reading = Read({{"keycloak", "Keycloak", "", "", ""}}).components.at(0);
  EXPECT_EQ(reading.health, Health::kNotAsked);
  EXPECT_FALSE(reading.has_metrics);
  EXPECT_TRUE(reading.problems.empty());
}

TEST_F(ScrapeTest, UsageIsAskedOverTheHourBefore) {
  const ManagedComponent component = server_.HealthyComponent("tasklist");
  server_.Serve("/tasklist/actuator/usage-metrics/assignees",
                GoodAnswer(R"({"total": 7, "assignees": ["mary"]})", "application/json"));
  const Collection collection = Read({component});
  ASSERT_EQ(collection.usage.size(), 1u);
  EXPECT_EQ(collection.usage[0].key, "task-users");
  EXPECT_EQ(collection.usage[0].value, 7);
  EXPECT_EQ(collection.usage[0].to - collection.usage[0].from, 3'600'000);
  EXPECT_EQ(Report(collection).find("mary"), std::string::npos);
  EXPECT_NE(Report(collection).find("\"key\": \"task-users\""), std::string::npos);
}

TEST(UsageEndpointTest, NamesTheHourAsTheOriginalDoes) {
  EXPECT_EQ(UsageUrl("http://h/a/actuator/prometheus", "task-users", 1712228731653),
            "http://h/a/actuator/usage-metrics/assignees?startTime=2024-04-04T10:05:31.653%2B0000"
            "&endTime=2024-04-04T11:05:31.653%2B0000");
  EXPECT_EQ(UsageUrl("http://h/metrics", "task-users", 1712228731653), "");
  EXPECT_EQ(ReadUsage("{\"total\": -1}"), std::nullopt);
  EXPECT_EQ(ReadUsage("{\"total\": 1.5}"), std::nullopt);
  EXPECT_EQ(ReadUsage("[99]"), std::nullopt);
}

TEST_F(ScrapeTest, EveryUrlIsAskedOnce) {
  const ManagedComponent shared = server_.HealthyComponent("optimize");
  ManagedComponent other = shared;
  other.id = "identity";
  const Collection collection = Read({shared, other});
  EXPECT_TRUE(collection.components.at(1).metrics_read);
  EXPECT_EQ(server_.Asked().size(), 2u);
}

TEST_F(ScrapeTest, ComponentsThatCannotBeToldApartStayOutOfReports) {
  const ManagedComponent component = server_.HealthyComponent("optimize");
  config_.releases.value = {{"r", "one", "1", {component}}, {"r", "two", "1", {component}}};
  const Collection collection = ReadReleases();
  EXPECT_EQ(collection.components.at(0).cpu, 0.25);
  EXPECT_EQ(Report(collection).find("jvm_memory"), std::string::npos);
  EXPECT_NE(Report(collection).find("component-count"), std::string::npos);
}

TEST_F(ScrapeTest, WhatRefusesIsDown) {
  ManagedComponent operate{"operate", "Operate", "", "http://127.0.0.1:1/ready", ""};
  operate.metrics = "http://127.0.0.1:1/metrics";
  const ComponentReading reading = ReadBesideAHealthyOne(operate);
  EXPECT_EQ(reading.health, Health::kDown);
  EXPECT_EQ(reading.problems.size(), 1u) << "one reason, said once";
}

TEST_F(ScrapeTest, LinkLocalAddressesAreNeverConnectedTo) {
  for (const std::string host :
       {"169.254.169.254", "[fe80::1]", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]"}) {
    ManagedComponent operate{"operate", "Operate", "", "", "http://" + host + "/latest"};
    EXPECT_EQ(WhyNot(Read({operate}).components.at(0)),
              "its address is link-local, where nothing is asked")
        << host;
  }
}

TEST_F(ScrapeTest, RedirectsAreNotFollowed) {
  ComponentServer elsewhere;
  const std::string why =
      WhyNot(ReadMetrics("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.Url("/x") + "\r\n\r\n"));
  EXPECT_EQ(why, "answered with status 302, which is not followed");
  EXPECT_TRUE(elsewhere.Asked().empty());
}

TEST_F(ScrapeTest, SilenceEndsAtTheTimeout) {
  Script silent;
  silent.until = Script::Stage::kRequest;
  silent.act = Script::Act::kStall;
  EXPECT_EQ(WhyNot(ReadMetrics(silent)), "no whole answer within 2000 ms");
}

TEST_F(ScrapeTest, OneByteNowAndThenEndsAtTheTimeout) {
  Script slow;
  slow.answer = GoodAnswer(std::string(1000, '#'));
  slow.per_byte = 100ms;
  EXPECT_EQ(WhyNot(ReadMetrics(slow)), "no whole answer within 2000 ms");
}

TEST_F(ScrapeTest, ABodyBeyondTheLimitIsRefused) {
  EXPECT_EQ(WhyNot(ReadMetrics(GoodAnswer(std::string((1 << 20) + 1, '#')))),
            "the answer is longer than 1048576 bytes");
  Script endless;
  endless.answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
  endless.endless = "a_metric 1\n";
  EXPECT_EQ(WhyNot(ReadMetrics(endless)), "the answer is longer than 1048576 bytes");
}

TEST_F(ScrapeTest, ACompressedBodyIsMeasuredAsItUnfolds) {
  std::string bomb;
  std::FILE* const gzip = ::popen("head -c 100000000 /dev/zero | gzip -c", "r");
  std::array<char, 4096> block;
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), gzip)) {
    bomb.append(block.data(), size);
  }
  ::pclose(gzip);
  ASSERT_LT(bomb.size(), 200'000u);
  EXPECT_EQ(WhyNot(ReadMetrics("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                               "Content-Encoding: gzip\r\nContent-Length: " +
                               std::to_string(bomb.size()) + "\r\n\r\n" + bomb)),
            "the answer is longer than 1048576 bytes");
}

TEST_F(ScrapeTest, HeadersWithoutEndAreRefused) {
  Script endless;
  endless.answer = "HTTP/1.1 200 OK\r\n";
  endless.endless = "X-More: " + std::string(1000, 'x') + "\r\n";
  EXPECT_EQ(WhyNot(ReadMetrics(endless)), "the answer's header is longer than 65536 bytes");
}

TEST_F(ScrapeTest, OtherContentTypesAreNoExposition) {
  EXPECT_EQ(WhyNot(ReadMetrics(GoodAnswer("<html>log in</html>\n", "text/html"))),
            "answered with text/html, which is no exposition");
}

TEST_F(ScrapeTest, BrokenExpositionsAreLeftOut) {
  const std::string good = "jvm_memory_max_bytes{area=\"heap\",id=\"a\"} 1\n";
  const std::pair<std::string, std::string> broken[] = {
      {"jvm_memory_max_bytes{area=\"heap\" 1\n", "line 1"},
      {good + "jvm_memory_max_bytes 12", "line 2"},
      {good + "\xff\n", "UTF-8"},
      {good + std::string("# \0\n", 4), "NUL"},
  };
  for (const auto& [text, why] : broken) {
    EXPECT_NE(WhyNot(ReadMetrics(GoodAnswer(text))).find(why), std::string::npos) << text;
  }
}

TEST_F(ScrapeTest, WhatIsNoHttpIsDown) {
  for (const std::string& answer :
       {std::string("220 mail ESMTP\r\n"), std::string("\x15\x03\x01")}) {
    EXPECT_NE(WhyNot(ReadMetrics(answer)), "");
  }
}

TEST_F(ScrapeTest, ManyComponentsAreReadAtOnce) {
  std::vector<ManagedComponent> components;
  for (int i = 0; i < 200; ++i) {
    components.push_back(server_.HealthyComponent("component" + std::to_string(i)));
  }
  const Collection collection = Read(components, FetchLimits());
  EXPECT_TRUE(std::all_of(
      collection.components.begin(), collection.components.end(),
      [](const ComponentReading& reading) { return reading.metrics_read && reading.cpu == 0.25; }));
}

// A report is all or nothing, and so are its facts.
TEST_F(ScrapeTest, ExpositionsThatNoFactsHaveRoomForAreLeftOut) {
  std::string rows = "# TYPE jvm_memory_max_bytes gauge\n";
  while (rows.size() < 8'000'000) rows += "jvm_memory_max_bytes_\"\n";  // Longer in JSON.
  std::vector<ManagedComponent> components;
  for (int i = 0; i < 7; ++i) {
    const std::string id = "c" + std::to_string(i);
    server_.Serve("/" + id + "/actuator/prometheus", GoodAnswer(rows));
    components.push_back(server_.Component(id));
    components.back().id = "operate";
    config_.releases.value.push_back({"release " + id, "n", "1", {components.back()}});
  }
  config_.releases.value.push_back({"good", "n", "1", {server_.HealthyComponent("identity")}});
  const Collection collection = ReadReleases(FetchLimits());
  std::size_t left_out = 0;
  for (const ComponentReading& reading : collection.components) {
    for (const auto& [what, why] : reading.problems) {
      left_out += why == "there is no room for more expositions in a report's facts";
    }
  }
  EXPECT_EQ(left_out, 2u);
  EXPECT_NE(Report(collection).find("component-count"), std::string::npos);
}

TEST_F(ScrapeTest, SilentOnesWaitTogether) {
  Script silent;
  silent.until = Script::Stage::kRequest;
  silent.act = Script::Act::kStall;
  std::vector<ManagedComponent> components;
  for (int i = 0; i < 40; ++i) {
    server_.Serve("/c" + std::to_string(i) + "/actuator/prometheus", silent);
    components.push_back(server_.Component("c" + std::to_string(i)));
  }
  const auto begin = std::chrono::steady_clock::now();
  Read(components);
  // One after the other they would take eighty.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
}

TEST_F(ScrapeTest, CancelEndsWhatIsUnderWay) {
  Script silent;
  silent.until = Script::Stage::kRequest;
  silent.act = Script::Act::kStall;
  server_.Serve("/silent", silent);
  HttpFetcher fetcher;  // Would wait ten seconds.
  std::thread canceller([&fetcher] {
    std::this_thread::sleep_for(100ms);
    fetcher.Cancel();
  });
  const std::vector<std::string> urls = {server_.Url("/silent"), server_.Url("/silent")};
  std::vector<std::string> errors;
  const auto begin = std::chrono::steady_clock::now();
  fetcher.FetchAll(urls, [&](std::size_t, Fetched fetched) { errors.push_back(fetched.error); });
  canceller.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 8s);
  EXPECT_EQ(errors, std::vector<std::string>({"stopped", "stopped"}));
}

// Real expositions and hostile texts, as one component's metrics.
TEST_F(ScrapeTest, NothingThatOneComponentSaysSpoilsTheOthers) {
  std::vector<std::string> texts;
  for (const char* corpus : {"metrics-dumps", "blns"}) {
    const std::string folder = CorporaFolder(corpus);
    if (folder.empty()) GTEST_SKIP() << kNoCorpora;
    for (const std::string& file : FilesIn(folder)) texts.push_back(ReadFile(file));
  }
  const Result<JsonValue> naughty = ReadJson(ReadFile(CorporaFolder("blns") + "/blns.json"));
  ASSERT_TRUE(naughty.ok());
  for (const JsonValue& text : naughty.value().items()) {
    texts.push_back("jvm_memory_max_bytes{area=\"" + text.text() + "\"} 1\n");
  }
  FetchLimits limits = Quick();
  limits.timeout_ms = 10'000;
  std::vector<ManagedComponent> components;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string id = "c" + std::to_string(i);
    server_.Serve("/" + id + "/actuator/prometheus", GoodAnswer(texts[i]));
    ManagedComponent component = server_.Component(id);
    component.readiness.clear();
    component.id = "operate";
    config_.releases.value.push_back({"release " + id, "n", "1", {component}});
  }
  config_.releases.value.push_back({"good", "n", "1", {server_.HealthyComponent("optimize")}});
  const Collection collection = ReadReleases(limits);
  std::size_t read = 0;
  for (const ComponentReading& reading : collection.components) read += reading.metrics_read;
  EXPECT_GT(read, texts.size() / 2);
  const std::string report = Report(collection);
  EXPECT_NE(report.find("\"transferredValue\": \"4.0E2\""), std::string::npos)
      << report.substr(0, 300);
}

class Lines : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    text += std::to_string(sample.selection) + " " + std::string(sample.name);
    for (const Label& label : sample.labels) {
      text += " " + std::string(label.name) + "=" + std::string(label.value);
    }
    text += " " + std::string(sample.value) + "\n";
  }
  std::string text;
};

std::string Selected(std::string_view exposition, std::span<const FamilySelection> families) {
  Lines lines;
  ExpositionSelector selector(families, lines);
  selector.Feed(exposition);
  return selector.Finish().empty() ? lines.text : "problems";
}

TEST(BuildVersionTest, IsTheProgramsOwn) {
  EXPECT_EQ(ReadBuildVersion("# TYPE go_build_info gauge\ngo_build_info{version=\"1.19\"} 1\n"
                             "# TYPE x_build_info gauge\n"
                             "x_build_info{branch=\"a\",version=\"1.5.0\"} 1\n"),
            "1.5.0");
  EXPECT_EQ(ReadBuildVersion("x_build_info{branch=\"a\"} 1\n"), "");
  EXPECT_EQ(ReadBuildVersion("a 1\n"), "");
  EXPECT_EQ(ReadBuildVersion(""), "");
}

TEST_F(ScrapeTest, AVersionThatIsNotConfiguredIsReadFromTheMetrics) {
  ManagedComponent component = server_.Component("optimize");
  server_.Serve("/optimize/actuator/prometheus",
                GoodAnswer("# TYPE x_build_info gauge\nx_build_info{version=\"1.5.0\"} 1\n"));
  EXPECT_EQ(Read({component}).components.at(0).version, "8.5.1") << "as configured";
  component.version.clear();
  EXPECT_EQ(Read({component}).components.at(0).version, "1.5.0");
}

TEST(DistilTest, SelectsWhatTheWholeSelects) {
  const std::string om =
      "# HELP a Help\n# TYPE a counter\na_total 1\na_created 2\n# TYPE ab gauge\nab{c=\"d\"} 3\n"
      "# TYPE s summary\ns_count 1\ns_sum 2\n# TYPE other gauge\nother 1\n# EOF\n";
  const std::vector<FamilySelection> families = {{"a", {}}, {"s", {}, true}, {"ab", {"c"}}};
  EXPECT_EQ(Selected(Distil(om, families), families), Selected(om, families));
  EXPECT_EQ(Distil(om, families).find("other"), std::string::npos);
  EXPECT_NE(Distil(om, families).find("# EOF"), std::string::npos);
  EXPECT_EQ(Distil("  a 1\n\ta{} 2\n#a 3\n", families), "  a 1\n\ta{} 2\n");
}

TEST(DistilTest, SelectsWhatEveryDumpSelects) {
  const std::string folder = CorporaFolder("metrics-dumps");
  if (folder.empty()) GTEST_SKIP() << kNoCorpora;
  const Catalogue console = ParseCatalogue(FindBuiltInCatalogue("console")->json).value();
  std::vector<FamilySelection> families = DemandOf(console, "operate").families;
  for (const char* name : {"go_gc_duration_seconds", "http_request_duration_microseconds",
                           "prometheus_tsdb_compaction_chunk_size_bytes", "node_cpu"}) {
    families.push_back({name, {"quantile", "handler", "cpu"}, true});
  }
  std::size_t compared = 0;
  for (const std::string& file : FilesIn(folder)) {
    const std::string text = ReadFile(file);
    if (!WhyUnusable(text, families).empty()) continue;
    EXPECT_EQ(Selected(Distil(text, families), families), Selected(text, families)) << file;
    ++compared;
  }
  EXPECT_GT(compared, 10u);
}

TEST_F(ScrapeTest, EveryComponentOfEveryChartIsShown) {
  if (CorporaFolder("blns").empty()) GTEST_SKIP() << kNoCorpora;
  for (const char* version : {"8.4", "8.5", "8.6", "8.7", "8.8"}) {
    const std::string path =
        CorporaFolder("blns") + "/../../data/helm/console-configmap-golden-" + version + ".yaml";
    auto documents = ParseConfigText(path, ReadFile(path));
    ASSERT_TRUE(documents.ok()) << version;
    const Result<Config> config = ReadConfig(documents.value());
    ASSERT_TRUE(config.ok()) << version;
    config_.releases.value = config.value().releases.value;
    const Collection collection = ReadReleases();
    ASSERT_GE(collection.components.size(), 6u) << version;
    for (const ComponentReading& reading : collection.components) {
      const bool skipped = reading.health == Health::kNotAsked && !reading.has_metrics;
      EXPECT_TRUE(skipped || (reading.health == Health::kDown && !reading.problems.empty()))
          << version << " " << reading.name;
    }
  }
}

}  // namespace
}  // namespace candor
