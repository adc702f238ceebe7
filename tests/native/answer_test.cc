#include "native/transport/answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace candor {
namespace {

Answer Read(const std::vector<std::string>& lines, bool tunnel = false) {
  Answer answer(tunnel);
  for (const std::string& line : lines) answer.ReadHeaderLine(line);
  return answer;
}

TEST(AnswerTest, IsCompleteWithItsHeader) {
  EXPECT_FALSE(Read({}).complete());
  EXPECT_FALSE(Read({"HTTP/1.1 202 Accepted\r\n"}).complete());
  EXPECT_FALSE(Read({"HTTP/1.1 202 Accepted\r\n", "A: b\r\n"}).complete());
  EXPECT_EQ(Read({"HTTP/1.1 202 Accepted\r\n", "A: b\r\n"}).status(), 0);
  const Answer answer = Read({"HTTP/1.1 202 Accepted\r\n", "A: b\r\n", "\r\n"});
  EXPECT_TRUE(answer.complete());
  EXPECT_EQ(answer.status(), 202);
}

TEST(AnswerTest, ReadsEveryStatusThereIs) {
  for (int status = 0; status <= 999; ++status) {
    std::string digits = std::to_string(status);
    digits.insert(0, 3 - digits.size(), '0');
    const Answer answer = Read({"HTTP/1.1 " + digits + "\r\n", "\r\n"});
    EXPECT_EQ(answer.status(), status >= 200 && status <= 599 ? status : 0) << status;
  }
}

TEST(AnswerTest, RefusesStatusLinesThatAreNone) {
  for (const std::string line : {"HTTP/2 202", "HTTP/1.1 2022", "HTTP/1.1  202", "HTTP/1.1 20",
                                 "HTTP/1.1\t202", "HTTP/1. 202 OK", "HTTP/1.1 +02", "HTTP/"}) {
    EXPECT_FALSE(Read({line + "\r\n", "\r\n"}).complete()) << line;
  }
}

TEST(AnswerTest, PassesInterimAnswersOver) {
  const Answer answer = Read({"HTTP/1.1 100 Continue\r\n", "Retry-After: 9\r\n", "\r\n",
                              "HTTP/1.1 103 Early Hints\r\n", "\r\n", "HTTP/1.1 503 No\r\n",
                              "Retry-After: 7\r\n", "\r\n"});
  EXPECT_EQ(answer.status(), 503);
  EXPECT_EQ(answer.retry_after_ms(), 7000);
  EXPECT_FALSE(Read({"HTTP/1.1 100 Continue\r\n", "\r\n"}).complete());
}

TEST(AnswerTest, ReadsFieldsWhateverTheirCaseAndSpace) {
  EXPECT_EQ(Read({"HTTP/1.1 503 No\n", "rEtRy-AfTeR:\t 7 \t\n", "\n"}).retry_after_ms(), 7000);
  EXPECT_EQ(Read({"HTTP/1.1 503 No\n", "Retry-After:\n", "\n"}).retry_after_ms(), std::nullopt);
  EXPECT_EQ(
      Read({"HTTP/1.1 503 No\n", "Retry-After\n", "X-Retry-After: 7\n", "\n"}).retry_after_ms(),
      std::nullopt);
}

TEST(AnswerTest, TrailersChangeNothing) {
  const Answer answer =
      Read({"HTTP/1.1 202 Yes\r\n", "\r\n", "HTTP/1.1 500 No\r\n", "Retry-After: 7\r\n", "\r\n"});
  EXPECT_EQ(answer.status(), 202);
  EXPECT_EQ(answer.retry_after_ms(), std::nullopt);
}

TEST(AnswerTest, TheProxysAnswerIsNotTheServices) {
  const Answer refused = Read({"HTTP/1.1 407 Who\r\n", "Retry-After: 7\r\n", "\r\n"}, true);
  EXPECT_FALSE(refused.complete());
  EXPECT_EQ(refused.proxy_status(), 407);
  const std::vector<std::string> through = {"HTTP/1.1 100 Wait\r\n", "\r\n", "HTTP/1.1 200 Go\r\n",
                                            "Retry-After: 7\r\n", "\r\n"};
  EXPECT_FALSE(Read(through, true).complete());
  std::vector<std::string> all = through;
  all.insert(all.end(), {"HTTP/1.1 503 No\r\n", "\r\n"});
  EXPECT_EQ(Read(all, true).status(), 503);
  EXPECT_EQ(Read(all, true).proxy_status(), 0);
  EXPECT_EQ(Read(all, true).retry_after_ms(), std::nullopt);
}

TEST(AnswerTest, HeadersEndSomewhere) {
  Answer answer(false);
  const std::string line = "X: " + std::string(1019, 'x') + "\r\n";
  EXPECT_TRUE(answer.ReadHeaderLine("HTTP/1.1 202 Yes\r\n"));
  for (int i = 0; i < 63; ++i) EXPECT_TRUE(answer.ReadHeaderLine(line));
  EXPECT_FALSE(answer.header_too_long());
  EXPECT_FALSE(answer.ReadHeaderLine(line));
  EXPECT_TRUE(answer.header_too_long());
  EXPECT_FALSE(answer.complete());
}

TEST(AnswerTest, KeepsTheBeginningOfTheBody) {
  Answer answer = Read({"HTTP/1.1 202 Yes\r\n", "\r\n"});
  answer.Reserve();
  EXPECT_TRUE(answer.ReadBody("{"));
  EXPECT_TRUE(answer.ReadBody(std::string(kMaxReceiptBytes - 2, 'x')));
  EXPECT_FALSE(answer.ReadBody("yz"));
  EXPECT_EQ(std::move(answer).receipt(), "{" + std::string(kMaxReceiptBytes - 2, 'x') + "y");
}

TEST(AnswerTest, WantsNoBodyWithoutAHeader) {
  EXPECT_FALSE(Answer(false).ReadBody("x"));
  EXPECT_FALSE(Read({"HTTP/1.1 101 Switch\r\n", "\r\n"}).ReadBody("x"));
}

}  // namespace
}  // namespace candor
