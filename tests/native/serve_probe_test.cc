// Probes beside the rest of what candor serve does: a real reporter, receiver and state folder.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "native/serve/service.h"
#include "tests/native/component_server.h"
#include "tests/native/fake_server.h"
#include "tests/native/folder.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

bool Eventually(const std::function<bool()>& holds) {
  for (const auto end = Clock::now() + 20s; Clock::now() < end;) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return holds();
}

const std::string kProduct =
    R"("product": {"name": "Shop", "version": "1", "edition": "community")";
const std::string kJava17 =
    "#!/bin/sh\necho '    java.version = 17.0.1\n    java.vm.vendor = Debian' >&2\n";

class ServeProbeTest : public testing::Test {
 protected:
  ServeProbeTest() { std::filesystem::create_directory(folder_.Path("facts")); }
  ~ServeProbeTest() override { service_.reset(); }

  // `more`: members of the configuration. Of `facts` only what stands in "values".
  void Start(const ProbeOptions& probes, const std::string& more = "", std::string facts = "") {
    if (facts.empty()) facts = "{" + kProduct + "}}";
    SetupOptions wanted;
    wanted.config_files = {folder_.Write(
        "config.json", R"({"initializeTelemetry": true, )"
                       R"("reportingPeriodSeconds": 1, "endpoint": ")" +
                           receiver_.Endpoint() + "\"" +
                           (more.empty() ? R"(, "catalogue": "engine", "mode": "online")" : more) +
                           "}")};
    auto setup = LoadSetup(wanted);
    ASSERT_TRUE(setup.ok()) << setup.error().where << setup.error().message;
    ServiceOptions options;
    options.state.folder = folder_.Path("state");
    options.facts_file = folder_.Write("facts.json", "{\"values\": " + facts + "}");
    options.facts_folder = folder_.Path("facts");
    options.every_ms = 200;
    options.probe_every_ms = probe_every_ms_;
    options.probes = probes;
    options.probes.program = CANDOR_PROGRAM;
    service_ = std::make_unique<Service>(std::move(setup).value(), options,
                                         [this](const TelemetryLogLine& line) {
                                           const std::lock_guard lock(mutex_);
                                           log_.push_back(std::string(line.text));
                                         });
    service_->Start();
  }
  int Logged(const std::string& part) const {
    const std::lock_guard lock(mutex_);
    int count = 0;
    for (const std::string& line : log_) count += line.find(part) != std::string::npos;
    return count;
  }
  bool Reports(const std::string& part) const {
    return Eventually([&] {
      for (const auto& [key, report] : receiver_.accepted()) {
        if (report.body.find(part) != std::string::npos) return true;
      }
      return false;
    });
  }
  std::string FirstReport() const {
    std::string first;
    Eventually([&] { return !receiver_.accepted().empty(); });
    const std::vector<Received> requests = receiver_.requests();
    return requests.empty() ? "" : requests.front().body;
  }

  std::int64_t probe_every_ms_ = 200;
  const Folder folder_;
  Receiver receiver_;
  ComponentServer search_;
  mutable std::mutex mutex_;
  std::vector<std::string> log_;
  std::unique_ptr<Service> service_;
};

FakeServer Silent() {
  return FakeServer([](int socket) {
    while (!ReadSome(socket).empty()) {
    }
  });
}

std::string At(const FakeServer& server) {
  return "host=127.0.0.1 user=u dbname=d port=" + std::to_string(server.port());
}

TEST_F(ServeProbeTest, TheFirstReportHoldsWhatProbesFound) {
  ProbeOptions probes;
  probes.java = folder_.Write("java", kJava17, 0700);
  Start(probes);
  const std::string report = FirstReport();
  EXPECT_NE(report.find("\"version\": \"17.0.1\""), std::string::npos) << report;
  EXPECT_NE(report.find("\"vendor\": \"Debian\""), std::string::npos) << report;
}

TEST_F(ServeProbeTest, WhatFactsSayWins) {
  ProbeOptions probes;
  probes.java = folder_.Write("java", kJava17, 0700);
  std::filesystem::rename(folder_.Write("new", R"({"values": {"product": {"internals": {"jdk":
      {"vendor": "Azul Systems"}}}}})"),
                          folder_.Path("facts/shop.json"));
  Start(probes, "", "{" + kProduct + R"(, "internals": {"jdk": {"version": "11"}}}})");
  const std::string report = FirstReport();
  EXPECT_NE(report.find("\"version\": \"11\""), std::string::npos) << report;
  EXPECT_NE(report.find("\"vendor\": \"Azul Systems\""), std::string::npos) << report;
  EXPECT_EQ(report.find("17.0.1"), std::string::npos) << report;
}

TEST_F(ServeProbeTest, AFailedProbeKeepsItsLastAnswerAndIsLoggedOnce) {
  ProbeOptions probes;
  probes.java = folder_.Write("java", kJava17, 0700);
  Start(probes);
  ASSERT_FALSE(FirstReport().empty());
  std::filesystem::remove(probes.java);
  ASSERT_TRUE(Eventually([&] { return Logged("CANDOR-034") == 1; }));
  const std::size_t before = receiver_.accepted().size();
  ASSERT_TRUE(Eventually([&] { return receiver_.accepted().size() >= before + 2; }));
  for (const auto& [key, report] : receiver_.accepted()) {
    EXPECT_NE(report.body.find("17.0.1"), std::string::npos) << report.body;
  }
  EXPECT_EQ(Logged("CANDOR-034"), 1);
  EXPECT_EQ(Logged("java: No such file or directory"), 1);
  std::filesystem::rename(
      folder_.Write("new", "#!/bin/sh\necho 'java version \"21.0.9\"' >&2\n", 0700), probes.java);
  EXPECT_TRUE(Reports("21.0.9"));
  EXPECT_EQ(Logged("All probes give answers again."), 1);
}

TEST_F(ServeProbeTest, AGoodAnswerHoldsWhileAFailureIsAskedAgain) {
  probe_every_ms_ = 60'000;
  ProbeOptions probes;
  const std::string count = folder_.Path("count");
  const auto asked = [&count] { return RunLine("echo $(wc -l < " + count + ")").output; };
  probes.java = folder_.Write("java",
                              "#!/bin/sh\necho >> " + count + "\n[ $(wc -l < " + count +
                                  ") -lt 5 ] && kill $$\necho 'java version \"21.0.9\"' >&2\n",
                              0700);
  Start(probes);
  EXPECT_TRUE(Reports("21.0.9"));
  std::this_thread::sleep_for(1s);
  EXPECT_EQ(asked(), "5\n");
}

TEST_F(ServeProbeTest, ASilentDatabaseDelaysNoComponent) {
  const FakeServer database = Silent();
  ProbeOptions probes;
  probes.database = At(database);
  const ManagedComponent component = search_.HealthyComponent("optimize");
  Start(
      probes,
      R"(, "catalogue": "engine", "mode": "online", "camunda": {"console": {"managed": {"method": "plain",
        "releases": [{"name": "r", "namespace": "n", "components": [{"name": "optimize",
        "id": "optimize", "readiness": ")" +
          component.readiness + R"(", "metrics": ")" + component.metrics + "\"}]}]}}}");
  const auto begin = Clock::now();
  EXPECT_TRUE(Eventually([&] { return search_.Asked().size() >= 6; }));
  EXPECT_LT(Clock::now() - begin, 4s);
  EXPECT_TRUE(Eventually([&] { return database.connections() == 1; }));
}

TEST_F(ServeProbeTest, EndsWithinTwoSecondsWhateverIsAsked) {
  const FakeServer database = Silent();
  Script stalls;
  stalls.until = Script::Stage::kRequest;
  stalls.act = Script::Act::kStall;
  search_.Serve("/", stalls);
  ProbeOptions asks_database, asks_search, asks_java;
  asks_database.database = At(database);
  asks_search.search = search_.Url("/");
  asks_java.java =
      folder_.Write("java", "#!/bin/sh\n: > " + folder_.Path("ran") + "\nsleep 100\n", 0700);
  const std::vector<std::pair<ProbeOptions, std::function<bool()>>> cases = {
      {asks_database, [&] { return database.connections() == 1; }},
      {asks_search, [&] { return search_.Asked().size() == 1; }},
      {asks_java, [&] { return std::filesystem::exists(folder_.Path("ran")); }},
  };
  for (const auto& [probes, asked] : cases) {
    Start(probes);
    ASSERT_TRUE(Eventually(asked));
    const auto begin = Clock::now();
    service_->Stop();
    EXPECT_LT(Clock::now() - begin, 2s);
    service_.reset();
  }
}

TEST_F(ServeProbeTest, WhileDisabledNothingIsProbed) {
  ProbeOptions probes;
  probes.search = search_.Url("/");
  probes.java = folder_.Write("java", "#!/bin/sh\ntouch " + folder_.Path("ran") + "\n", 0700);
  Start(probes, R"(, "catalogue": "engine", "mode": "disabled")");
  std::this_thread::sleep_for(500ms);
  EXPECT_TRUE(search_.Asked().empty());
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("ran")));
}

TEST_F(ServeProbeTest, WhatTheCatalogueHasNoPlaceForIsNotAsked) {
  ProbeOptions probes;
  probes.search = search_.Url("/");
  probes.java = folder_.Write("java", "#!/bin/sh\ntouch " + folder_.Path("ran") + "\n", 0700);
  Start(probes, R"(, "mode": "online", "catalogue": "optimize")");
  EXPECT_EQ(Logged("the catalogue optimize"), 1);
  EXPECT_TRUE(Eventually([&] { return !search_.Asked().empty(); }));
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("ran")));
}

TEST(ServeProbeOptionsTest, APasswordInThemEndsServeAtOnce) {
  const Ran ran =
      RunLine(CANDOR_PROGRAM " serve --config /nonexistent --probe-database 'password=swordfish'");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.output.find("--probe-database: must not hold a password"), std::string::npos);
  EXPECT_EQ(ran.output.find("swordfish"), std::string::npos);
}

}  // namespace
}  // namespace candor
