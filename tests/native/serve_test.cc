// candor serve as a process, with real components and a real receiver.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/native/component_server.h"
#include "tests/native/local_client.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

bool Eventually(const std::function<bool()>& holds, std::chrono::seconds most = 20s) {
  for (const auto end = Clock::now() + most; Clock::now() < end;) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return holds();
}

unsigned Number(const char* variable, unsigned otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

class ServeTest : public testing::Test {
 protected:
  ServeTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-serve-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(Path("facts"));
  }
  ~ServeTest() override {
    Kill(SIGKILL);
    std::filesystem::remove_all(folder_);
  }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  void Write(const std::string& name, const std::string& text) {
    // Beside and renamed, as it should be done.
    std::ofstream(Path(name + ".new")) << text;
    std::filesystem::rename(Path(name + ".new"), Path(name));
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool Logged(const std::string& part) const { return Read("log").find(part) != std::string::npos; }
  bool Logs(const std::string& part) const {
    return Eventually([&] { return Logged(part); });
  }

  // The Console's form with one component, and Candor's own keys.
  void Configure(const std::string& mode, const ManagedComponent& component,
                 const std::string& more = "") {
    Write("console.yaml",
          "camunda:\n  console:\n    customerId: c\n    installationId: i\n"
          "    telemetry: " +
              mode +
              "\n    managed:\n      method: plain\n      releases:\n"
              "      - name: r\n        namespace: n\n        components:\n"
              "        - name: " +
              component.name + "\n          id: " + component.id + "\n          readiness: " +
              component.readiness + "\n          metrics: " + component.metrics + "\n");
    Write("own.json", "{\"reportingPeriodSeconds\": 1" + more + "}");
  }
  // An engine's report, made from facts alone.
  void ConfigureEngine(const std::string& mode, const Receiver& receiver) {
    Write("own.json", R"({"mode": ")" + mode +
                          R"(", "catalogue": "engine", "initializeTelemetry": true, )"
                          R"("reportingPeriodSeconds": 1, "endpoint": ")" +
                          receiver.Endpoint() + "\"}");
    Write("console.yaml", "{}");
  }

  void Start(const std::vector<std::string>& environment = {}) {
    std::vector<std::string> words = {CANDOR_PROGRAM,       "serve",       "--config",
                                      Path("console.yaml"), "--config",    Path("own.json"),
                                      "--state-folder",     Path("state"), "--facts-folder",
                                      Path("facts"),        "--verbose"};
    words.insert(words.end(), more_.begin(), more_.end());
    process_ = ::fork();
    if (process_ != 0) return;
    const int log = ::open(Path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, STDERR_FILENO);
    std::vector<char*> arguments, variables;
    for (std::string& word : words) arguments.push_back(word.data());
    for (const std::string& variable : environment) {
      variables.push_back(const_cast<char*>(variable.c_str()));
    }
    arguments.push_back(nullptr);
    variables.push_back(nullptr);
    ::execve(arguments[0], arguments.data(), variables.data());
    ::_exit(127);
  }
  // The exit status, -1 for none.
  int Kill(int signal) {
    if (process_ <= 0) return -1;
    ::kill(process_, signal);
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  static std::string FirstBody(const Receiver& receiver) {
    const auto accepted = receiver.accepted();
    return accepted.empty() ? "" : accepted.begin()->second.body;
  }

  std::filesystem::path folder_;
  std::vector<std::string> more_;  // Words of the command line.
  pid_t process_ = 0;
  ComponentServer server_;
};

#ifdef __SANITIZE_ADDRESS__
constexpr auto kMostToEnd = 10s;  // It looks for leaks at the end.
#else
constexpr auto kMostToEnd = 2s;
#endif

const std::string kProduct =
    R"({"values": {"product": {"name": "Shop", "version": "1", "edition": "community"}}})";

TEST_F(ServeTest, CollectsAndSendsWhatWasAgreedTo) {
  Receiver receiver;
  Configure("online", server_.HealthyComponent("optimize"),
            ", \"endpoint\": \"" + receiver.Endpoint() + "\"");
  Start();
  ASSERT_TRUE(Eventually([&] { return !receiver.accepted().empty(); })) << Read("log");
  EXPECT_NE(FirstBody(receiver).find("\"transferredValue\": \"4.0E2\""), std::string::npos);
  EXPECT_EQ(Kill(SIGTERM), 0);
  EXPECT_TRUE(Logged("CANDOR-002")) << Read("log");
}

TEST_F(ServeTest, WhileDisabledNobodyIsAskedAndNothingIsWritten) {
  Configure("disabled", server_.HealthyComponent("optimize"));
  Start();
  ASSERT_TRUE(Logs("telemetry is disabled")) << Read("log");
  std::this_thread::sleep_for(200ms);
  EXPECT_TRUE(server_.Asked().empty());
  EXPECT_FALSE(std::filesystem::exists(Path("state")));
  EXPECT_EQ(Kill(SIGTERM), 0);
}

TEST_F(ServeTest, ARefusedFirstConfigurationEndsIt) {
  Configure("sometimes", server_.HealthyComponent("optimize"));
  Start();
  int status = 0;
  ::waitpid(std::exchange(process_, 0), &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_TRUE(Logged("console.yaml:5:16")) << Read("log");
}

TEST_F(ServeTest, ARefusedChangeLeavesTheConfigurationInForce) {
  const ManagedComponent component = server_.HealthyComponent("optimize");
  Configure("download", component);
  Start();
  ASSERT_TRUE(Logs("components were asked")) << Read("log");
  Write("console.yaml", "camunda: [");
  ASSERT_TRUE(Logs("CANDOR-029")) << Read("log");
  EXPECT_FALSE(Logged("CANDOR-002")) << "the reporter goes on";
  Configure("disabled", component);
  ASSERT_TRUE(Logs("CANDOR-028")) << Read("log");
  EXPECT_TRUE(Logs("telemetry is disabled")) << Read("log");
}

TEST_F(ServeTest, HangingUpReadsTheConfigurationAgain) {
  Configure("download", server_.HealthyComponent("optimize"));
  Start();
  ASSERT_TRUE(Logs("components were asked"));
  ::kill(process_, SIGHUP);
  EXPECT_TRUE(Logs("CANDOR-028")) << Read("log");
}

TEST_F(ServeTest, ProgramsReadTheHistoryOfMetrics) {
  Configure("download", server_.HealthyComponent("optimize"));
  more_ = {"--listen", "unix:" + Path("api")};
  Start();
  const auto ask = [this](const std::string& query) {
    return AskOnce("unix:" + Path("api"), RequestText("GET", "/v1/history" + query));
  };
  ASSERT_TRUE(Logs("components were asked")) << Read("log");
  ASSERT_TRUE(Eventually([&] { return ask("?component=optimize").status == 200; }));
  const std::string body = ask("?component=r/optimize").body;
  EXPECT_NE(body.find("\"name\": \"cpu\""), std::string::npos) << body;
  EXPECT_NE(body.find("\"values\": [\n            0.25\n"), std::string::npos) << body;
  EXPECT_EQ(ask("?component=operate").status, 404);
  EXPECT_EQ(ask("").body.find("values"), std::string::npos);
}

TEST_F(ServeTest, TheHistoryOfMetricsOutlivesItAndEndsWithANo) {
  Configure("online", server_.HealthyComponent("optimize"));
  const auto run_once = [this] {
    const std::string log = Read("log");
    Start();
    const std::string runs = "The reporter runs";
    EXPECT_TRUE(Eventually([&] { return Read("log").find(runs, log.size()) != log.npos; }));
    EXPECT_EQ(Kill(SIGTERM), 0);
    return Read("log").substr(log.size());
  };
  run_once();
  ASSERT_TRUE(std::filesystem::exists(Path("state/history")));
  EXPECT_EQ(run_once().find("CANDOR-032"), std::string::npos) << Read("log");
  std::filesystem::resize_file(Path("state/history"), 100);
  EXPECT_NE(run_once().find("CANDOR-032"), std::string::npos) << Read("log");
  Start();
  const std::string deny = std::string(CANDOR_PROGRAM) + " consent deny --config " +
                           Path("console.yaml") + " --config " + Path("own.json") +
                           " --state-folder " + Path("state");
  ASSERT_EQ(RunLine(deny).status, 0);
  EXPECT_FALSE(std::filesystem::exists(Path("state/history")));
  EXPECT_EQ(Kill(SIGTERM), 0);
  EXPECT_FALSE(std::filesystem::exists(Path("state/history")));
}

TEST_F(ServeTest, ChangesUnderLoadLeaveTheLastGoodConfigurationInForce) {
  const ManagedComponent component = server_.HealthyComponent("optimize");
  Configure("download", component);
  Start();
  ASSERT_TRUE(Logs("components were asked"));
  // ./dev soak asks for more of them, with a seed of its own.
  const unsigned seed = Number("CANDOR_SEED", 20'261'121), changes = Number("CANDOR_RELOADS", 40);
  std::printf("%u changes, seed %u\n", changes, seed);
  std::mt19937 random(seed);
  for (unsigned i = 0; i < changes; ++i) {
    if (random() % 2 == 0) {
      Write("console.yaml", "camunda: [" + std::to_string(i));
    } else {
      Configure(random() % 2 == 0 ? "download" : "disabled", component);
    }
    if (random() % 3 == 0) ::kill(process_, SIGHUP);
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 150));
  }
  Configure("disabled", component);
  ::kill(process_, SIGHUP);
  ASSERT_TRUE(Eventually([&] {
    const std::string log = Read("log");
    return log.find("CANDOR-028") != std::string::npos &&
           log.rfind("telemetry is disabled") > log.rfind("The reporter runs");
  })) << Read("log");
  EXPECT_EQ(Kill(SIGTERM), 0);
}

TEST_F(ServeTest, EndsWithinTwoSecondsThoughTheServiceIsSilent) {
  Script silent;
  silent.until = Script::Stage::kRequest;
  silent.act = Script::Act::kStall;
  Receiver receiver;
  receiver.PlayAlways(silent);
  ConfigureEngine("online", receiver);
  Write("facts/shop.json", kProduct);
  Start();
  ASSERT_TRUE(Eventually([&] { return receiver.connections() > 0; })) << Read("log");
  const auto begin = Clock::now();
  EXPECT_EQ(Kill(SIGTERM), 0);
  EXPECT_LT(Clock::now() - begin, kMostToEnd);
}

TEST_F(ServeTest, AfterAKillItGoesOnAsTheSameInstallation) {
  Receiver receiver;
  ConfigureEngine("online", receiver);
  Write("facts/shop.json", kProduct);
  for (std::size_t life = 1; life <= 5; ++life) {
    Start();
    const std::size_t before = receiver.accepted().size();
    ASSERT_TRUE(Eventually([&] { return receiver.accepted().size() > before; })) << Read("log");
    Kill(SIGKILL);
  }
  std::set<std::string> installations;
  for (const auto& [key, report] : receiver.accepted()) {
    EXPECT_FALSE(report.differed);
    const std::size_t at = report.body.find("\"installation\": ");
    installations.insert(report.body.substr(at, 55));
  }
  EXPECT_EQ(installations.size(), 1u);
}

TEST_F(ServeTest, ReportsWhatFactFilesSay) {
  Receiver receiver;
  ConfigureEngine("online", receiver);
  Write("facts/shop.json", kProduct);
  Write("facts/zz-later.json", R"({"values": {"product": {"edition": "enterprise"}}})");
  Write("facts/license.txt", "not looked at");
  Start();
  ASSERT_TRUE(Eventually([&] { return !receiver.accepted().empty(); })) << Read("log");
  EXPECT_NE(FirstBody(receiver).find("\"edition\": \"enterprise\""), std::string::npos);
}

TEST_F(ServeTest, TellsSystemdWhenItRunsAndWhenItEnds) {
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, Path("notify").c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const timeval most = {20, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  const auto told = [socket] {
    std::string text(512, '\0');
    const ssize_t size = ::recv(socket, text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text.substr(0, text.find('\n'));
  };
  Configure("download", server_.HealthyComponent("optimize"));
  Start({"NOTIFY_SOCKET=" + Path("notify")});
  EXPECT_EQ(told(), "READY=1");
  ::kill(process_, SIGHUP);
  EXPECT_EQ(told(), "RELOADING=1");
  EXPECT_EQ(told(), "READY=1");
  EXPECT_EQ(Kill(SIGTERM), 0);
  EXPECT_EQ(told(), "STOPPING=1");
  ::close(socket);
}

}  // namespace
}  // namespace candor
