// The local API of candor serve and who it must not trust: other users, and any bytes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/native/local_serve_rig.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class LocalHostileTest : public LocalServeRig {};

// ---- who may ask

TEST_F(LocalHostileTest, TheSocketIsThisUsersAlone) {
  Start();
  struct stat status;
  ASSERT_EQ(::stat(Path("candor.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(Kill(SIGTERM), 0);
  EXPECT_FALSE(std::filesystem::exists(Path("candor.sock")));
}

TEST_F(LocalHostileTest, AnotherUserGetsNothing) {
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

TEST_F(LocalHostileTest, AGroupMayBeLetIn) {
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

TEST_F(LocalHostileTest, OverTheNetworkTokenAndHostAreNeeded) {
  Start({"--listen", "[::1]:0"});
  const std::string get = RequestText("GET", "/v1/counts");
  EXPECT_EQ(AskOnce(Tcp(), get).status, 401);
  EXPECT_EQ(AskOnce(Tcp(), RequestText("GET", "/v1/counts", "", Authorization())).status, 200);
  EXPECT_EQ(AskOnce(Tcp(), "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 403);
  EXPECT_EQ(
      AskOnce(Tcp(), RequestText("GET", "/metrics", "", "Origin: http://localhost\r\n")).status,
      403);
  EXPECT_EQ(AskOnce(Tcp(), RequestText("GET", "/metrics")).status, 200);
  EXPECT_EQ(
      AskOnce(Address("[::1]:"), RequestText("GET", "/v1/counts", "", Authorization())).status,
      200);
}

// ---- where it listens

TEST_F(LocalHostileTest, AStaleSocketIsReplaced) {
  Start();
  Kill(SIGKILL);
  ASSERT_TRUE(std::filesystem::exists(Path("candor.sock")));
  Start();
  EXPECT_EQ(Count(), 204);
}

TEST_F(LocalHostileTest, ALiveSocketAndWhatIsNoneAreLeftAlone) {
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

TEST_F(LocalHostileTest, OtherAddressesAreRefusedAllAtOnce) {
  const Ran ran = RunLine(
      Serve({"--listen", "0.0.0.0:80", "--listen", "unix:x", "--listen-group", "no-such-group"}));
  EXPECT_NE(ran.status, 0);
  for (const char* const part : {"0.0.0.0:80", "127.0.0.1:PORT", "unix:x", "no-such-group"}) {
    EXPECT_NE(ran.output.find(part), std::string::npos) << ran.output;
  }
  EXPECT_FALSE(std::filesystem::exists(Path("state")));
}

// ---- hostile input

TEST_F(LocalHostileTest, ARequestTornAtAnyByteIsReadWholeOrNotAtAll) {
  Start();
  const std::string request = RequestText("POST", "/v1/counts", kOne);
  for (std::size_t i = 1; i < request.size(); ++i) {
    {
      LocalClient leaves(Unix());
      leaves.Send(request.substr(0, i));
    }
    LocalClient stays(Unix());
    stays.Send(request.substr(0, i));
    // A word between them, so that what was sent has been seen alone.
    EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/healthz")).status, 200);
    EXPECT_EQ(stays.Ask(request.substr(i)).status, 204) << i;
  }
  EXPECT_EQ(Total(), static_cast<std::int64_t>(request.size()) - 1);
}

TEST_F(LocalHostileTest, WhoIsSilentIsCutOffAndHoldsUpNobody) {
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

TEST_F(LocalHostileTest, WhoTricklesIsCutOffAfterHalfAMinute) {
  if (std::getenv("CANDOR_SLOW") == nullptr) GTEST_SKIP() << "takes 30 s: set CANDOR_SLOW";
  Start();
  LocalClient client(Unix());
  const auto begin = Clock::now();
  while (client.Send("G") && Clock::now() - begin < 60s) std::this_thread::sleep_for(1s);
  EXPECT_GT(Clock::now() - begin, 29s);
  EXPECT_LT(Clock::now() - begin, 35s);
}

TEST_F(LocalHostileTest, MoreConnectionsThanAreTakenWaitTheirTurn) {
  Start();
  std::vector<std::unique_ptr<LocalClient>> idle;
  for (int i = 0; i < 64; ++i) idle.push_back(std::make_unique<LocalClient>(Unix()));
  EXPECT_EQ(Count(), 204) << "once the silent ones are gone";
  EXPECT_EQ(AskOnce(Tcp(), RequestText("GET", "/healthz")).status, 200);
}

TEST_F(LocalHostileTest, HostileRequestsAreRefusedAndTheNextIsAnswered) {
  Start();
  const auto expect = [&](const std::string& request, std::vector<int> statuses) {
    const int status = AskOnce(Unix(), request).status;
    EXPECT_NE(std::find(statuses.begin(), statuses.end(), status), statuses.end())
        << status << " for " << request.substr(0, 200);
    EXPECT_EQ(AskOnce(Unix(), RequestText("GET", "/healthz")).status, 200);
  };
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  const std::string json = "Content-Type: application/json\r\n";
  // 0: the connection was ended without a word.
  expect(RequestText("GET", "/healthz", "", many), {431, 413, 0});
  expect(RequestText("GET", "/healthz", "", "X: " + std::string(100'000, 'x') + "\r\n"),
         {431, 413, 0});
  expect(RequestText("GET", "/" + std::string(100'000, 'x')), {414, 431, 0});
  expect(RequestText("GET", "http://localhost/v1/counts"), {400});
  expect(RequestText("GET", "//localhost/v1/counts"), {404});
  expect(RequestText("CONNECT", "localhost:80"), {400});
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

TEST_F(LocalHostileTest, WhatFollowsARefusedBodyIsNoRequest) {
  Start();
  LocalClient client(Unix());
  const std::string inner = RequestText("POST", "/v1/counts", kOne);
  client.Send(
      "POST /v1/counts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: 0\r\nContent-Length: " +
      std::to_string(inner.size()) + "\r\n\r\n" + inner);
  EXPECT_EQ(client.Receive().status, 400);
  EXPECT_TRUE(client.Ends());
  EXPECT_EQ(Total(), 0);
}

TEST_F(LocalHostileTest, ABodyOfOneMebibyteIsReadAndAnswered) {
  Start();
  std::string body = kOne;
  body.resize((1 << 20) - 0, ' ');
  EXPECT_EQ(Count(body), 204);
  EXPECT_EQ(Total(), 1);
}

}  // namespace
}  // namespace candor
