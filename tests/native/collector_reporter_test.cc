// The real reporter in front of the real collector.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "tests/native/collected_site.h"
#include "tests/native/collector_process.h"
#include "tests/native/local_client.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

// Between the two: hands requests on, and loses as many answers as it is told to.
class LossyRelay {
 public:
  LossyRelay(std::string to, int losses) : to_(std::move(to)), losses_(losses) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listening_, reinterpret_cast<const sockaddr*>(&address), size);
    ::listen(listening_, 16);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~LossyRelay() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  LossyRelay(const LossyRelay&) = delete;
  LossyRelay& operator=(const LossyRelay&) = delete;

  std::string Endpoint() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/v1/reports";
  }
  // Of the collector to posts, in their order: "202 200 ".
  std::string answers() const {
    const std::lock_guard lock(mutex_);
    return answers_;
  }

 private:
  void Run() {
    for (;;) {
      const int client = ::accept(listening_, nullptr, nullptr);
      if (client < 0) return;
      Relay(client);
      ::close(client);
    }
  }
  void Relay(int client) {
    const std::string request = Request(client);
    const ClientAnswer answer = AskOnce(to_, request);
    if (request.starts_with("POST ")) {
      const std::lock_guard lock(mutex_);
      answers_ += std::to_string(answer.status) + " ";
      if (losses_-- > 0) return;
    }
    const std::string text = answer.head + "\r\n" + answer.body;
    ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
  }
  static std::string Request(int client) {
    std::string text;
    std::array<char, 65536> block;
    for (;;) {
      const std::size_t end = text.find("\r\n\r\n"), at = text.find("Content-Length: ");
      if (end != std::string::npos && text.starts_with("GET ")) return text;
      if (end != std::string::npos && at < end &&
          text.size() >= end + 4 + std::stoul(text.substr(at + 16))) {
        return text;
      }
      const ssize_t size = ::recv(client, block.data(), block.size(), 0);
      if (size <= 0) return text;
      text.append(block.data(), static_cast<std::size_t>(size));
    }
  }

  const std::string to_;
  std::atomic<int> losses_;
  int listening_ = -1;
  unsigned port_ = 0;
  mutable std::mutex mutex_;
  std::string answers_;
  std::thread thread_;
};

TEST_F(CollectedTest, TheReceiptOfAReportIsInItsHistory) {
  const CollectorProcess collector(folder_);
  const std::string address = collector.Address();
  Configure("http://" + address + "/pings");
  const std::string shown = Grant();
  const Ran sent = Run("send", true);
  EXPECT_EQ(sent.status, 0) << sent.output;
  const std::string history = Run("history export").output;
  EXPECT_NE(history.find(Sha256Hex(shown)), std::string::npos);
  const ClientAnswer again = AskOnce(address, RequestText("POST", "/pings", shown));
  EXPECT_EQ(again.status, 200) << "it is here already";
  const Result<JsonValue> receipt = ReadJson(again.body);
  ASSERT_TRUE(receipt.ok()) << again.body;
  EXPECT_NE(history.find(receipt.value().Find("signature")->text()), std::string::npos) << history;
  EXPECT_NE(Keys(address).find(receipt.value().Find("key")->text()), std::string::npos);
}

TEST_F(CollectedTest, AReportWhoseAnswerWasLostIsSentAgainAndCountsOnce) {
  const CollectorProcess collector(folder_);
  const std::string address = collector.Address();
  LossyRelay relay(address, 1);
  Configure(relay.Endpoint());
  const std::string shown = Grant();
  for (int i = 0; i < 10 && Run("send", true).status != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(relay.answers(), "202 200 ");
  const std::string history = Run("history export").output;
  const ClientAnswer again = AskOnce(address, RequestText("POST", "/pings", shown));
  EXPECT_EQ(again.status, 200);
  const Result<JsonValue> receipt = ReadJson(again.body);
  ASSERT_TRUE(receipt.ok());
  EXPECT_NE(history.find(receipt.value().Find("signature")->text()), std::string::npos)
      << "the first receipt, given twice";
}

}  // namespace
}  // namespace candor
