// The local API of candor serve as a process: real sockets, real users, real programs.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "core/exposition.h"
#include "core/json_reader.h"
#include "core/problems.h"
#include "tests/native/local_client.h"
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

const std::string kOne = R"({"commands/DeployCmd": 1})";

class LocalServeTest : public testing::Test {
 protected:
  LocalServeTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-api-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    // Others may come in here, so that it is the socket that keeps them out.
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
    Configure("download");
  }
  ~LocalServeTest() override {
    Kill(SIGKILL);
    std::filesystem::remove_all(folder_);
  }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Configure(const std::string& mode) {
    std::ofstream(Path("own.json.new")) << R"({"catalogue": "engine", "mode": ")" << mode << "\"}";
    std::filesystem::rename(Path("own.json.new"), Path("own.json"));
  }
  bool Logged(const std::string& part) const { return Read("log").find(part) != std::string::npos; }

  std::vector<std::string> Words(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {CANDOR_PROGRAM,   "serve",          "--config",
                                      Path("own.json"), "--state-folder", Path("state")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  void StartWith(const std::vector<std::string>& more) {
    std::vector<std::string> words = Words(more);
    std::filesystem::remove(Path("log"));
    process_ = ::fork();
    if (process_ != 0) return;
    const int log = ::open(Path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, STDERR_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    char* const environment[] = {nullptr};
    ::execve(arguments[0], arguments.data(), environment);
    ::_exit(127);
  }
  // Listens to a Unix socket and a port that is free.
  void Start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"--listen", Unix(), "--listen", "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    StartWith(words);
    ASSERT_TRUE(Eventually([&] { return Logged("CANDOR-033"); })) << Read("log");
  }
  int Kill(int signal) {
    if (process_ <= 0) return -1;
    ::kill(process_, signal);
    return Wait();
  }
  int Wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string Unix() const { return "unix:" + Path("candor.sock"); }
  std::string Tcp() const { return Address("127.0.0.1:"); }
  // The one in the log that begins so.
  std::string Address(const std::string& begin) const {
    const std::string log = Read("log");
    const std::size_t at = log.find(begin) + begin.size();
    return begin + log.substr(at, log.find_first_not_of("0123456789", at) - at);
  }
  std::string Authorization() const {
    std::string token = Read("state/api-token");
    token.pop_back();
    return "Authorization: Bearer " + token + "\r\n";
  }
  int Count(const std::string& body = kOne) const {
    return AskOnce(Unix(), HttpRequest("POST", "/v1/counts", body)).status;
  }
  std::int64_t Total(const std::string& command = "DeployCmd") const {
    const HttpAnswer answer = AskOnce(Unix(), HttpRequest("GET", "/v1/counts"));
    const Result<JsonValue> document = ReadJson(answer.body);
    std::int64_t total = 0;
    const JsonValue* const counts = document.ok() ? document.value().Find("counts") : nullptr;
    if (counts == nullptr) return -1;
    const JsonValue* const count =
        counts->Find("/product/internals/commands/" + command + "/count");
    return count != nullptr && count->AsInteger(&total) ? total : 0;
  }
  std::string Preview() const {
    return RunLine(std::string(CANDOR_PROGRAM) + " preview --config " + Path("own.json") +
                   " --state-folder " + Path("state"))
        .output;
  }
  std::string Serve(const std::vector<std::string>& more) const {
    std::string line;
    for (const std::string& word : Words(more)) line += word + " ";
    return line;
  }

  std::filesystem::path folder_;
  pid_t process_ = 0;
};

const std::string kShop =
    R"({"values": {"product": {"name": "Shop", "version": "1", "edition": "community"}}})";

// ---- what it is for

TEST_F(LocalServeTest, WhatIsCountedAndStatedStandsInThePreview) {
  Start();
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("PUT", "/v1/facts/shop", kShop)).status, 201);
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
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("PUT", "/v1/facts/shop", kShop)).status, 201);
  EXPECT_EQ(Count(), 204);
  Kill(SIGKILL);
  Start();
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("GET", "/v1/facts/shop")).body, kShop);
  EXPECT_EQ(Total(), 1);
  EXPECT_TRUE(Eventually([&] { return Preview().find("\"Shop\"") != std::string::npos; }));
}

TEST_F(LocalServeTest, TellsItsStatusAndItsMetrics) {
  Start();
  EXPECT_EQ(Count(), 204);
  const HttpAnswer status = AskOnce(Unix(), HttpRequest("GET", "/v1/status"));
  EXPECT_EQ(status.status, 200);
  EXPECT_NE(status.body.find("\"mode\": \"download\""), std::string::npos);
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("GET", "/v1/components")).status, 404);
  const HttpAnswer metrics = AskOnce(Unix(), HttpRequest("GET", "/metrics"));
  ExpositionChecker checker(ExpositionFormat::kPrometheusText);
  checker.Feed(metrics.body);
  const Problems problems = checker.Finish();
  EXPECT_TRUE(problems.empty()) << ProblemsAsText(problems);
  EXPECT_NE(metrics.body.find("candor_decision{action=\"collect\"} 1\n"), std::string::npos);
  EXPECT_NE(metrics.body.find("candor_counter_names 1\n"), std::string::npos);
  EXPECT_NE(metrics.body.find("candor_state_readable 1\n"), std::string::npos);
  const HttpAnswer head =
      AskOnce(Unix(), HttpRequest("HEAD", "/healthz", "", "Connection: close\r\n"));
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("GET", "/healthz")).body, "ok\n");
}

TEST_F(LocalServeTest, WhileDisabledNothingIsKept) {
  Configure("disabled");
  StartWith({"--listen", Unix()});
  ASSERT_TRUE(Eventually([&] { return Logged("CANDOR-033"); })) << Read("log");
  EXPECT_EQ(Count(), 409);
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("PUT", "/v1/facts/shop", kShop)).status, 409);
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("GET", "/v1/status")).status, 200);
  EXPECT_EQ(AskOnce(Unix(), HttpRequest("GET", "/metrics")).status, 200);
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
      if (client.Ask(HttpRequest("POST", "/v1/counts", kOne)).status != 204) break;
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
          HttpRequest("POST", "/v1/counts", R"({"commands/DeployCmd": 1, "commands/Other": 3})",
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
        ++(client.Ask(HttpRequest("POST", "/v1/counts", kOne)).status == 204 ? good : bad);
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

// ---- who may ask

TEST_F(LocalServeTest, TheSocketIsThisUsersAlone) {
  Start();
  struct stat status;
  ASSERT_EQ(::stat(Path("candor.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(Kill(SIGTERM), 0);
  EXPECT_FALSE(std::filesystem::exists(Path("candor.sock")));
}

TEST_F(LocalServeTest, AnotherUserGetsNothing) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be another user";
  Start();
  const std::string other = "setpriv --reuid 65534 --regid 65534 --clear-groups ";
  const std::string ask = "curl -sS -o /dev/null -w '%{http_code}' ";
  EXPECT_EQ(
      RunLine(ask + "--unix-socket " + Path("candor.sock") + " http://localhost/healthz").output,
      "200");
  EXPECT_NE(
      RunLine(other + ask + "--unix-socket " + Path("candor.sock") + " http://localhost/healthz")
          .status,
      0);
  EXPECT_EQ(RunLine(other + ask + "http://" + Tcp() + "/v1/counts").output, "401");
  EXPECT_EQ(RunLine(other + ask + "http://" + Tcp() + "/metrics").output, "200");
  EXPECT_NE(RunLine(other + "cat " + Path("state/api-token")).status, 0);
  // Though the file lets them in, the kernel says who they are.
  std::filesystem::permissions(Path("candor.sock"), std::filesystem::perms(0666));
  EXPECT_EQ(
      RunLine(other + ask + "--unix-socket " + Path("candor.sock") + " http://localhost/healthz")
          .output,
      "403");
}

TEST_F(LocalServeTest, AGroupMayBeLetIn) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be another user";
  Start({"--listen-group", "games"});
  struct stat status;
  ASSERT_EQ(::stat(Path("candor.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0660u);
  const std::string ask = "curl -sS -o /dev/null -w '%{http_code}' --unix-socket " +
                          Path("candor.sock") + " http://localhost/v1/counts";
  EXPECT_EQ(RunLine("setpriv --reuid 65534 --regid 65534 --groups games " + ask).output, "200");
  EXPECT_EQ(RunLine("setpriv --reuid 65534 --regid games --clear-groups " + ask).output, "200");
  EXPECT_NE(RunLine("setpriv --reuid 65534 --regid 65534 --clear-groups " + ask).status, 0);
}

TEST_F(LocalServeTest, OverTheNetworkTokenAndHostAreNeeded) {
  Start({"--listen", "[::1]:0"});
  const std::string get = HttpRequest("GET", "/v1/counts");
  EXPECT_EQ(AskOnce(Tcp(), get).status, 401);
  EXPECT_EQ(AskOnce(Tcp(), HttpRequest("GET", "/v1/counts", "", Authorization())).status, 200);
  EXPECT_EQ(AskOnce(Tcp(), "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 403);
  EXPECT_EQ(
      AskOnce(Tcp(), HttpRequest("GET", "/metrics", "", "Origin: http://localhost\r\n")).status,
      403);
  EXPECT_EQ(AskOnce(Tcp(), HttpRequest("GET", "/metrics")).status, 200);
  EXPECT_EQ(
      AskOnce(Address("[::1]:"), HttpRequest("GET", "/v1/counts", "", Authorization())).status,
      200);
}

// ---- where it listens

TEST_F(LocalServeTest, AStaleSocketIsReplaced) {
  Start();
  Kill(SIGKILL);
  ASSERT_TRUE(std::filesystem::exists(Path("candor.sock")));
  Start();
  EXPECT_EQ(Count(), 204);
}

TEST_F(LocalServeTest, ALiveSocketAndWhatIsNoneAreLeftAlone) {
  Start();
  const Ran second = RunLine(Serve({"--listen", Unix()}));
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.output.find("another program listens there"), std::string::npos);
  std::ofstream(Path("file")) << "mine";
  const Ran file = RunLine(Serve({"--listen", "unix:" + Path("file")}));
  EXPECT_EQ(file.status, 1);
  EXPECT_EQ(Read("file"), "mine");
  EXPECT_EQ(Count(), 204);
}

TEST_F(LocalServeTest, OtherAddressesAreRefusedAllAtOnce) {
  const Ran ran = RunLine(
      Serve({"--listen", "0.0.0.0:80", "--listen", "unix:x", "--listen-group", "no-such-group"}));
  EXPECT_NE(ran.status, 0);
  for (const char* const part : {"0.0.0.0:80", "127.0.0.1:PORT", "unix:x", "no-such-group"}) {
    EXPECT_NE(ran.output.find(part), std::string::npos) << ran.output;
  }
  EXPECT_FALSE(std::filesystem::exists(Path("state")));
}

// ---- hostile input

TEST_F(LocalServeTest, ARequestTornAtAnyByteIsReadWholeOrNotAtAll) {
  Start();
  const std::string request = HttpRequest("POST", "/v1/counts", kOne);
  for (std::size_t i = 1; i < request.size(); ++i) {
    {
      LocalClient leaves(Unix());
      leaves.Send(request.substr(0, i));
    }
    LocalClient stays(Unix());
    stays.Send(request.substr(0, i));
    // A word between them, so that what was sent has been seen alone.
    EXPECT_EQ(AskOnce(Unix(), HttpRequest("GET", "/healthz")).status, 200);
    EXPECT_EQ(stays.Ask(request.substr(i)).status, 204) << i;
  }
  EXPECT_EQ(Total(), static_cast<std::int64_t>(request.size()) - 1);
}

TEST_F(LocalServeTest, WhoIsSilentIsCutOffAndHoldsUpNobody) {
  Start();
  std::vector<std::unique_ptr<LocalClient>> silent;
  for (const char* const begin : {"", "GET /v1",
                                  "POST /v1/counts HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Type: application/json\r\n"
                                  "Content-Length: 20\r\n\r\n{"}) {
    silent.push_back(std::make_unique<LocalClient>(Unix()));
    silent.back()->Send(begin);
  }
  const auto begin = Clock::now();
  EXPECT_EQ(Count(), 204);
  EXPECT_LT(Clock::now() - begin, 2s);
  for (const auto& client : silent) EXPECT_TRUE(client->Ends());
  EXPECT_LT(Clock::now() - begin, 10s);
}

TEST_F(LocalServeTest, WhoTricklesIsCutOffAfterHalfAMinute) {
  if (std::getenv("CANDOR_SLOW") == nullptr) GTEST_SKIP() << "takes 30 s: set CANDOR_SLOW";
  Start();
  LocalClient client(Unix());
  const auto begin = Clock::now();
  while (client.Send("G") && Clock::now() - begin < 60s) std::this_thread::sleep_for(1s);
  EXPECT_GT(Clock::now() - begin, 29s);
  EXPECT_LT(Clock::now() - begin, 35s);
}

TEST_F(LocalServeTest, MoreConnectionsThanAreTakenWaitTheirTurn) {
  Start();
  std::vector<std::unique_ptr<LocalClient>> idle;
  for (int i = 0; i < 64; ++i) idle.push_back(std::make_unique<LocalClient>(Unix()));
  EXPECT_EQ(Count(), 204) << "once the silent ones are gone";
  EXPECT_EQ(AskOnce(Tcp(), HttpRequest("GET", "/healthz")).status, 200);
}

TEST_F(LocalServeTest, HostileRequestsAreRefusedAndTheNextIsAnswered) {
  Start();
  const auto expect = [&](const std::string& request, std::vector<int> statuses) {
    const int status = AskOnce(Unix(), request).status;
    EXPECT_NE(std::find(statuses.begin(), statuses.end(), status), statuses.end())
        << status << " for " << request.substr(0, 200);
    EXPECT_EQ(AskOnce(Unix(), HttpRequest("GET", "/healthz")).status, 200);
  };
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  const std::string json = "Content-Type: application/json\r\n";
  // 0: the connection was ended without a word.
  expect(HttpRequest("GET", "/healthz", "", many), {431, 413, 0});
  expect(HttpRequest("GET", "/healthz", "", "X: " + std::string(100'000, 'x') + "\r\n"),
         {431, 413, 0});
  expect(HttpRequest("GET", "/" + std::string(100'000, 'x')), {414, 431, 0});
  expect(HttpRequest("GET", "http://localhost/v1/counts"), {400});
  expect(HttpRequest("GET", "//localhost/v1/counts"), {404});
  expect(HttpRequest("CONNECT", "localhost:80"), {400});
  expect("POST /v1/counts HTTP/1.1\r\nHost: a\r\n" + json +
             "Content-Length: 2\r\nContent-Length: 25\r\n\r\n" + kOne,
         {400});
  expect("POST /v1/counts HTTP/1.1\r\nHost: a\r\n" + json +
             "Content-Length: 25\r\nTransfer-Encoding: chunked\r\n\r\n19\r\n" + kOne +
             "\r\n0\r\n\r\n",
         {400});
  expect("POST /v1/counts HTTP/1.1\r\nHost: a\r\n" + json +
             "Transfer-Encoding: chunked\r\n\r\n19\r\n" + kOne + "\r\n0\r\n\r\n",
         {411});
  expect("POST /v1/counts HTTP/1.1\r\nHost: a\r\n" + json +
             "Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n" + std::string(2 << 20, ' '),
         {411, 0});
  expect("POST /v1/counts HTTP/1.1\r\nHost: a\r\n" + json + "Content-Length: 1048577\r\n\r\n",
         {413});
  expect("POST /v1/counts HTTP/1.1\r\nHost: a\r\n" + json +
             "Content-Length: 99999999999999999999999\r\n\r\n",
         {400, 413, 0});
  expect("POST /v1/counts HTTP/1.1\r\nHost: a\r\nContent-Length: 25\r\n\r\n" + kOne, {415});
  expect("GET /healthz HTTP/1.1\r\n\r\n", {400});
  expect("GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n", {505, 400, 0});
  expect("GET /healthz\r\n\r\n", {400, 505, 0});
  expect(std::string("\0\0\0\0\r\n\r\n", 8), {400, 505, 405, 0});
  expect("\x16\x03\x01\x02\x01\r\n\r\n", {400, 505, 405, 0});
  EXPECT_EQ(Total(), 0);
  EXPECT_EQ(Kill(SIGTERM), 0);
}

TEST_F(LocalServeTest, WhatFollowsARefusedBodyIsNoRequest) {
  Start();
  LocalClient client(Unix());
  const std::string inner = HttpRequest("POST", "/v1/counts", kOne);
  client.Send(
      "POST /v1/counts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: 0\r\nContent-Length: " +
      std::to_string(inner.size()) + "\r\n\r\n" + inner);
  EXPECT_EQ(client.Receive().status, 400);
  EXPECT_TRUE(client.Ends());
  EXPECT_EQ(Total(), 0);
}

TEST_F(LocalServeTest, ABodyOfOneMebibyteIsReadAndAnswered) {
  Start();
  std::string body = kOne;
  body.resize((1 << 20) - 0, ' ');
  EXPECT_EQ(Count(body), 204);
  EXPECT_EQ(Total(), 1);
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
