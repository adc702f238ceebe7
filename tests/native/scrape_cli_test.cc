#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/native/component_server.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

class ScrapeCliTest : public testing::Test {
 protected:
  ScrapeCliTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-scrape-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ScrapeCliTest() override { std::filesystem::remove_all(folder_); }

  void Configure(const std::string& mode, const std::vector<ManagedComponent>& components) {
    std::ofstream file(Path("config.yaml"));
    file << "camunda:\n  console:\n    customerId: c\n    installationId: i\n    telemetry: "
         << mode << "\n    managed:\n      method: plain\n      releases:\n      - name: r\n"
         << "        namespace: n\n        components:\n";
    for (const ManagedComponent& one : components) {
      file << "        - name: " << one.name << "\n          id: " << one.id
           << "\n          readiness: " << one.readiness << "\n          metrics: " << one.metrics
           << "\n";
    }
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  Ran Run(const std::string& arguments) {
    return RunLine(std::string("env -i ") + CANDOR_PROGRAM + " " + arguments + " --config " +
                   Path("config.yaml"));
  }

  std::filesystem::path folder_;
  ComponentServer server_;
};

TEST_F(ScrapeCliTest, NobodyIsAskedWhileTelemetryIsDisabled) {
  Configure("disabled", {server_.HealthyComponent("optimize")});
  for (const char* command : {"components", "scrape"}) {
    const Ran ran = Run(command);
    EXPECT_EQ(ran.status, 2) << ran.output;
    EXPECT_NE(ran.output.find("nothing is collected"), std::string::npos) << ran.output;
  }
  EXPECT_TRUE(server_.Asked().empty());
}

TEST_F(ScrapeCliTest, ComponentsShowsWhoIsWellAndWhoIsNot) {
  ManagedComponent gone = server_.Component("operate");
  gone.readiness = "http://127.0.0.1:1/ready";
  Configure("download", {server_.HealthyComponent("optimize"), gone});
  const Ran ran = Run("components");
  EXPECT_EQ(ran.status, 0);
  for (const char* part : {"healthy", "25 %", "down", "operate in r: metrics", "status 404"}) {
    EXPECT_NE(ran.output.find(part), std::string::npos) << part << "\n" << ran.output;
  }
  EXPECT_NE(Run("components --json").output.find("\"cpu\": 250"), std::string::npos);
}

TEST_F(ScrapeCliTest, WhatIsScrapedBecomesAReport) {
  Configure("download", {server_.HealthyComponent("optimize")});
  ASSERT_EQ(Run("scrape -o " + Path("facts.json")).status, 0);
  const Ran report = Run("report --facts " + Path("facts.json"));
  EXPECT_EQ(report.status, 0) << report.output;
  EXPECT_NE(report.output.find("\"transferredValue\": \"4.0E2\""), std::string::npos);
}

}  // namespace
}  // namespace candor
