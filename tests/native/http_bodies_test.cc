// Bodies that come in slowly, and how much of them is held.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "native/http/http_server.h"
#include "tests/native/local_client.h"

namespace candor {
namespace {

class HttpBodiesTest : public testing::Test {
 protected:
  void Start(std::int64_t most_request_ms = 30'000) {
    HttpServerOptions options;
    options.most_request_ms = most_request_ms;
    options.addresses = {ParseListenAddress("127.0.0.1:0").value()};
    options.most_body_bytes = 60'000;
    options.most_held_bytes = 100'000;
    options.silence_s = 60;
    server_ = HttpServer::Open(options).value();
    // As the collector does it: the body goes on without its connection.
    const auto count = [](const HttpRequest& request, HttpReply reply) {
      reply({.body = std::to_string(request.body.size())});
    };
    ASSERT_TRUE(server_
                    ->Start([count](const HttpRequest&, const HttpPeer&) {
                      return HttpNext{.later = count};
                    })
                    .empty());
    at_ = Text(server_->Addresses().front());
  }

  // The first `bytes` of a body of 60,000.
  std::unique_ptr<LocalClient> Begin(std::size_t bytes) {
    auto client = std::make_unique<LocalClient>(at_, std::chrono::seconds(3));
    const std::string head = "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 60000\r\n\r\n";
    EXPECT_TRUE(client->Send(head + std::string(bytes, 'x')));
    return client;
  }

  std::unique_ptr<HttpServer> server_;
  std::string at_;
};

TEST_F(HttpBodiesTest, TheLongestIsCutOffWhereTheyAreTooMuchTogether) {
  Start();
  const auto longest = Begin(59'000);
  std::vector<std::unique_ptr<LocalClient>> others;
  for (int i = 0; i < 9; ++i) others.push_back(Begin(5'000));
  EXPECT_TRUE(longest->Ends());
  for (const auto& other : others) {
    EXPECT_TRUE(other->Send(std::string(55'000, 'x')));
    EXPECT_EQ(other->Receive().body, "60000");
  }
}

TEST_F(HttpBodiesTest, WhoSendsLittleIsHeardBesideThoseWhoNeverEnd) {
  Start();
  std::vector<std::unique_ptr<LocalClient>> endless;
  for (int i = 0; i < 50; ++i) {
    endless.push_back(Begin(59'999));
    const ClientAnswer answer = AskOnce(at_, RequestText("POST", "/", "{}"));
    EXPECT_EQ(answer.body, "2");
  }
  // Two of them are too much.
  EXPECT_EQ(std::count_if(endless.begin(), endless.end(), [](auto& one) { return one->Ends(); }),
            49);
}

TEST_F(HttpBodiesTest, WhatWasHeardOrCutOffIsNotHeldAnyMore) {
  Start(1000);
  const std::string whole = RequestText("POST", "/", std::string(60'000, 'x'));
  LocalClient client(at_);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.Ask(whole).body, "60000");
  const auto first = Begin(50'000), second = Begin(50'000);
  EXPECT_TRUE(first->Ends());
  EXPECT_TRUE(second->Ends());
  EXPECT_EQ(AskOnce(at_, whole).body, "60000");
}

}  // namespace
}  // namespace candor
