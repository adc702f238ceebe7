#include "native/serve/latest_facts.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "core/json_reader.h"
#include "native/serve/service.h"
#include "native/state/sqlite_store.h"
#include "tests/native/component_server.h"

namespace candor {
namespace {

constexpr std::int64_t kHourMs = 60 * 60 * 1000;

Collection Round(Health health, const std::string& exposition) {
  Collection collection;
  collection.components.resize(1);
  collection.components[0].release = "r";
  collection.components[0].id = "operate";
  collection.components[0].health = health;
  collection.components[0].exposition = exposition;
  return collection;
}

TEST(LatestFactsTest, OthersSeeTheFirstRoundEveryOtherStandingAndOneAnHour) {
  LatestFacts latest(nullptr);
  EXPECT_TRUE(latest.Put(Round(Health::kHealthy, "a 1\n"), 0));
  EXPECT_FALSE(latest.Put(Round(Health::kHealthy, "a 2\n"), kHourMs - 1));
  EXPECT_TRUE(latest.Put(Round(Health::kHealthy, "a 3\n"), kHourMs));
  EXPECT_TRUE(latest.Put(Round(Health::kDown, ""), kHourMs + 1));
  EXPECT_FALSE(latest.Put(Round(Health::kDown, ""), kHourMs + 2));
  Collection two = Round(Health::kDown, "");
  two.components.push_back(two.components[0]);
  EXPECT_TRUE(latest.Put(two, kHourMs + 3));
}

TEST(LatestFactsTest, ReportsTakeTheLastRound) {
  LatestFacts latest(nullptr);
  latest.Put(Round(Health::kHealthy, "a 1\n"), 0);
  latest.Put(Round(Health::kHealthy, "a 2\n"), 1);
  FactsDraft facts;
  latest.AddTo(facts);
  EXPECT_NE(facts.Write().find("a 2\\n"), std::string::npos);
}

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-service-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ServiceTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  ComponentServer server_;
};

TEST_F(ServiceTest, RoundsWithoutAnotherStandingLeaveTheStateAlone) {
  const ManagedComponent component = server_.HealthyComponent("optimize");
  SetupOptions wanted;
  wanted.config = R"({"mode": "download", "catalogue": "console"})";
  candor::Setup setup = LoadSetup(wanted).value();
  setup.config.releases.value = {{"r", "n", "", {component}}};
  ServiceOptions options;
  options.state.folder = folder_.string();
  options.every_ms = 20;
  Service service(std::move(setup), options, [](const TelemetryLogLine&) {});
  service.Start();
  const auto rounds = [this] { return server_.Asked().size() / 2; };
  const auto wait_for = [&rounds](std::size_t most) {
    while (rounds() < most) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  wait_for(10);
  const auto store = OpenSqliteStore(folder_.string());
  ASSERT_TRUE(store.ok());
  const std::int64_t revision = store.value()->Read().value().revision;
  EXPECT_NE(store.value()->ReadFacts().value(), "");
  wait_for(rounds() + 20);
  EXPECT_EQ(store.value()->Read().value().revision, revision);
  server_.Serve("/optimize/ready", "HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n");
  wait_for(rounds() + 5);
  EXPECT_EQ(store.value()->Read().value().revision, revision + 1);
}

}  // namespace
}  // namespace candor
