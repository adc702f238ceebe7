// What the collector writes while it is attacked, and its disk is full.
#include "native/collector/intake/collector_log.h"

#include <gtest/gtest.h>

#include <sstream>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "tests/native/address_encodings.h"
#include "tests/native/collector_process.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

constexpr std::uint32_t kSender = 0xCB'71'8E'9B;  // 203.113.142.155
constexpr char kWord[] = "word-of-a-report";
constexpr char kKey[] = "key-of-a-report";

std::vector<std::string> LinesOf(const std::string& log) {
  std::vector<std::string> lines;
  std::istringstream stream(log);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// "COLLECTOR-001" of each line, in their order.
std::vector<std::string> IdsOf(const std::string& log) {
  std::vector<std::string> ids;
  for (const std::string& line : LinesOf(log)) {
    const std::size_t at = line.find("COLLECTOR-");
    ids.push_back(at == std::string::npos ? line : line.substr(at, 13));
  }
  return ids;
}

class CollectorLogTest : public testing::TestWithParam<const char*> {
 protected:
  // Good and bad reports, repeats, floods and no HTTP at all, of one sender; a full disk; the end.
  CollectorLogTest() {
    CollectorProcess collector(
        folder_, {"--proxy", "127.0.0.1", "--log-format", GetParam(), "--address-burst", "60",
                  "--address-per-second", "1", "--installation-burst", "2"});
    at_ = collector.Address();
    EXPECT_EQ(Post(Good(1), 0), 202);
    EXPECT_EQ(Post(Good(1), 0), 200);
    EXPECT_EQ(Post(Good(1), 0), 429) << "of its installation";
    EXPECT_EQ(Post(std::string("{\"installation\": 5, \"") + kWord + "\": 1}", 0), 400);
    EXPECT_EQ(Post(std::string("{\n\"") + kWord + "\xff", 0), 400);
    EXPECT_EQ(Post(Good(2), 0, "Content-Digest: sha-256=:" + std::string(kWord) + ":\r\n"), 400);
    EXPECT_EQ(Post(Good(2), 0, "Transfer-Encoding: chunked\r\n"), 400);
    EXPECT_EQ(Post(Good(2), 0, "Idempotency-Key: another\r\n"), 400);
    for (const char* garbage : {"\x16\x03\x01", "GET ", "POST /pings HTTP/1.1\r\nHost: a\r\n"}) {
      LocalClient client(at_);
      client.Send(garbage + From(0));
    }
    collector.LimitFiles(4096);
    for (int i = 10; i < 15; ++i) EXPECT_EQ(Post(Good(i), 1), 503);
    collector.LimitFiles(RLIM_INFINITY);
    for (int i = 10; i < 15; ++i) EXPECT_EQ(Post(Good(i), 1), 202);
    int limited = 0;
    for (int i = 0; i < 100; ++i) limited += Post(Good(20 + i), 2) == 429 ? 1 : 0;
    EXPECT_GT(limited, 20) << "of its address";
    EXPECT_EQ(collector.End(SIGTERM), 0);
    log_ = collector.Log();
  }
  static std::string From(int sender) {
    return "X-Forwarded-For: " + Printed("%u.%u.%u.%u", kSender + static_cast<unsigned>(sender)) +
           "\r\n";
  }
  static std::string Good(int installation) {
    return EngineReport(InstallationId(installation), 1, std::string("7.20.0-") + kWord);
  }
  int Post(const std::string& body, int sender, const std::string& headers = "") const {
    return AskOnce(at_, RequestText("POST", "/v1/reports", body,
                                    From(sender) + headers + "Idempotency-Key: " + kKey +
                                        Sha256Hex(body).substr(0, 8) + "\r\n"))
        .status;
  }
  const Folder folder_{MemoryFolder()};
  std::string at_, log_;
};

TEST_P(CollectorLogTest, HasOneLineForEachChangeOfState) {
  EXPECT_EQ(IdsOf(log_),
            (std::vector<std::string>{"COLLECTOR-001", "COLLECTOR-004", "COLLECTOR-005",
                                      "COLLECTOR-002", "COLLECTOR-007", "COLLECTOR-003"}))
      << log_;
}

TEST_P(CollectorLogTest, HoldsNothingOfSendersAndReports) {
  ASSERT_GT(log_.size(), 300U);
  for (const char* part : {kWord, kKey, "0000-4000-8000", "DeployCmd", "sha-256", "X-Forwarded"}) {
    EXPECT_EQ(log_.find(part), std::string::npos) << part << "\n" << log_;
  }
  for (unsigned sender = 0; sender < 3; ++sender) {
    const std::vector<std::string> encodings = Encodings(kSender + sender);
    ASSERT_EQ(encodings.size(), 12U);
    for (const std::string& encoding : encodings) {
      EXPECT_EQ(log_.find(encoding), std::string::npos) << encoding << "\n" << log_;
    }
  }
}

TEST_P(CollectorLogTest, EachLineIsWhatItsFormatSays) {
  for (const std::string& line : LinesOf(log_)) {
    const auto json = ReadJson(line);
    EXPECT_EQ(json.ok(), std::string(GetParam()) == "json") << line;
    if (!json.ok()) continue;
    std::string keys;
    for (const JsonMember& member : json.value().members()) keys += member.key + " ";
    EXPECT_EQ(keys, "time level logger id message ");
    EXPECT_EQ(json.value().Find("logger")->text(), "candor.collector");
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, CollectorLogTest, testing::Values("text", "json"),
                         [](const auto& format) { return std::string(format.param); });

TEST(CollectorLogLinesTest, ARefusedConfigurationIsALineForEachProblem) {
  const Ran ran = RunLine("env -i " CANDOR_COLLECTOR
                          " serve --log-format json --listen nowhere --proxy 'no address'");
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(IdsOf(ran.output), (std::vector<std::string>(3, "COLLECTOR-008"))) << ran.output;
  for (const std::string& line : LinesOf(ran.output)) EXPECT_TRUE(ReadJson(line).ok()) << line;
}

TEST(CollectorLogLinesTest, OfAReasonOnlyTheFirstLineIsTold) {
  testing::internal::CaptureStderr();
  CollectorLog log(SystemClock(), false);
  log.StoreWorks();
  for (int i = 0; i < 3; ++i) {
    log.StoreFails({ErrorCode::kUnavailable, "", "no room\nDETAIL: Key (installation)=(x)"});
  }
  log.StoreWorks();
  log.StoreWorks();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(IdsOf(said), (std::vector<std::string>{"COLLECTOR-004", "COLLECTOR-005"}));
  EXPECT_NE(said.find("no room"), std::string::npos);
  EXPECT_EQ(said.find("DETAIL"), std::string::npos);
}

}  // namespace
}  // namespace candor
