// The local API of candor serve at work: nothing that was answered is lost, and it sleeps.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "core/exposition.h"
#include "core/problems.h"
#include "tests/native/local_serve_rig.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

class LocalServeTest : public LocalServeRig {};

// ---- what it is for

TEST_F(LocalServeTest, WhatIsCountedAndStatedStandsInThePreview) {
  Start();
  EXPECT_EQ(AskOnce(Unix(), RequestText("PUT", "/v1/facts/shop", kShop)).status, 201);
  EXPECT_EQ(Count(R"({"commands/DeployCmd": 3, "metrics/flow-node-instances": 40})"), 204);
  EXPECT_EQ(Count(R"({"commands/DeployCmd": 4, "metrics/nonsense": 1})"), 422);
  EXPECT_TRUE(Eventually([&] { return Preview().find("\"Shop\"") != std::string::npos; }))
      << Preview();
  const std::string preview = Preview();
  EXPECT_NE(preview.find("\"DeployCmd\": {\n          \"count\": 3\n"), std::string::npos);
  EXPECT_NE(preview.find("\"flow-node-instances\": {\n          \"count\": 40\n"),
            std::string::npos);
}

TEST_F(LocalServeTest, FactsAndCountsOutliveTheService) {
  Start();
  EXPECT_EQ(AskOnce(Unix(), RequestText("PUT", "/v1/facts/shop", kShop)).status, 201);
  EXPECT_EQ(Count(), 204);
  Kill(SIGKILL);
  Start();
  EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/v1/facts/shop")).body, kShop);
  EXPECT_EQ(Total(), 1);
  EXPECT_TRUE(Eventually([&] { return Preview().find("\"Shop\"") != std::string::npos; }));
}

TEST_F(LocalServeTest, TellsItsStatusAndItsMetrics) {
  Start();
  EXPECT_EQ(Count(), 204);
  const ClientAnswer status = AskOnce(Unix(), RequestText("GET", "/v1/status"));
  EXPECT_EQ(status.status, 200);
  EXPECT_NE(status.body.find("\"mode\": \"download\""), std::string::npos);
  EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/v1/components")).status, 404);
  const ClientAnswer metrics = AskOnce(Unix(), RequestText("GET", "/metrics"));
  ExpositionChecker checker(ExpositionFormat::kPrometheusText);
  checker.Feed(metrics.body);
  const Problems problems = checker.Finish();
  EXPECT_TRUE(problems.empty()) << ProblemsAsText(problems);
  EXPECT_NE(metrics.body.find("candor_decision{action=\"collect\"} 1\n"), std::string::npos);
  EXPECT_NE(metrics.body.find("candor_counter_names 1\n"), std::string::npos);
  EXPECT_NE(metrics.body.find("candor_state_readable 1\n"), std::string::npos);
  const ClientAnswer head =
      AskOnce(Unix(), RequestText("HEAD", "/healthz", "", "Connection: close\r\n"));
  EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/healthz")).body, "ok\n");
}

TEST_F(LocalServeTest, WhileDisabledNothingIsKept) {
  Configure("disabled");
  StartWith({"--listen", Unix()});
  ASSERT_TRUE(Eventually([&] { return Logged("CANDOR-033"); })) << Read("log");
  EXPECT_EQ(Count(), 409);
  EXPECT_EQ(AskOnce(Unix(), RequestText("PUT", "/v1/facts/shop", kShop)).status, 409);
  EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/v1/status")).status, 200);
  EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/metrics")).status, 200);
  EXPECT_FALSE(std::filesystem::exists(Path("state")));
}

// ---- nothing is lost

TEST_F(LocalServeTest, AKillLosesNothingThatWasAnswered) {
  std::int64_t answered = 0, sent = 0;
  for (int life = 0; life < 8; ++life) {
    Start();
    std::thread killer([this, life] {
      std::this_thread::sleep_for(std::chrono::milliseconds(15 + 20 * life));
      ::kill(process_, SIGKILL);
    });
    LocalClient client(Unix());
    for (;;) {
      ++sent;
      if (client.Ask(RequestText("POST", "/v1/counts", kOne)).status != 204) break;
      ++answered;
    }
    killer.join();
    Wait();
  }
  Start();
  EXPECT_GT(answered, 100);
  EXPECT_GE(Total(), answered);
  EXPECT_LE(Total(), sent);
}

TEST_F(LocalServeTest, FourClientsAtOnceGiveTheExactSum) {
  Start();
  constexpr int kClients = 4, kEach = 500;
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      LocalClient client(i % 2 == 0 ? Unix() : Tcp());
      const std::string request =
          RequestText("POST", "/v1/counts", R"({"commands/DeployCmd": 1, "commands/Other": 3})",
                      i % 2 == 0 ? "" : Authorization());
      for (int j = 0; j < kEach; ++j) good += client.Ask(request).status == 204;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, kClients * kEach);
  EXPECT_EQ(Total(), kClients * kEach);
  EXPECT_EQ(Total("Other"), 3 * kClients * kEach);
}

TEST_F(LocalServeTest, ChangesOfTheConfigurationLoseNothing) {
  Start();
  std::atomic<bool> done{false};
  std::atomic<std::int64_t> good{0}, bad{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([&] {
      LocalClient client(Unix());
      while (!done) {
        ++(client.Ask(RequestText("POST", "/v1/counts", kOne)).status == 204 ? good : bad);
      }
    });
  }
  for (int i = 0; i < 10; ++i) {
    Configure(i % 2 == 0 ? "online" : "download");
    ::kill(process_, SIGHUP);
    std::this_thread::sleep_for(150ms);
  }
  done = true;
  for (std::thread& client : clients) client.join();
  EXPECT_TRUE(Logged("CANDOR-028"));
  EXPECT_GT(good, 0);
  EXPECT_EQ(bad, 0);
  EXPECT_EQ(Total(), good);
}

// ---- a database that is cut off

TEST_F(LocalServeTest, ADatabaseThatKeepsSilentHoldsUpNoCount) {
  // It takes connections and never says a word.
  const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(silent, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(silent, 64), 0);
  ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
  Start({"--state-database",
         "postgresql://candor@127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/candor"});
  for (int i = 0; i < 3; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/v1/status")).status, 503);
    const ClientAnswer metrics = AskOnce(Unix(), RequestText("GET", "/metrics"));
    EXPECT_NE(metrics.body.find("candor_state_readable 0\n"), std::string::npos);
    EXPECT_EQ(Count(), 204);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  }
  EXPECT_EQ(Total(), 3);
  ::close(silent);
}

// ---- idle

// Of all threads.
std::int64_t Switches(pid_t process) {
  std::int64_t sum = 0;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
    std::ifstream status(task.path() / "status");
    for (std::string line; std::getline(status, line);) {
      const std::size_t at = line.find("ctxt_switches:");
      if (at != std::string::npos) sum += std::atoll(line.c_str() + at + 14);
    }
  }
  return sum;
}

TEST_F(LocalServeTest, SleepsWhileNobodyTalks) {
  Start();
  EXPECT_EQ(Count(), 204);
  std::this_thread::sleep_for(1s);
  const std::int64_t before = Switches(process_);
  std::this_thread::sleep_for(3s);
  EXPECT_EQ(Switches(process_), before);
}

}  // namespace
}  // namespace candor
