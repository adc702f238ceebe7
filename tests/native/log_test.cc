#include "native/base/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace candor {
namespace {

constexpr int kLast = static_cast<int>(LogEvent::kReceiptKeys);

LogRecord Record(std::string message) {
  return {.at = 1'795'233'906'000,
          .level = LogLevel::kWarning,
          .event = LogEvent::kSendingFailed,
          .message = std::move(message)};
}

// What `write` makes of standard error.
template <typename Write>
std::string StandardErrorOf(Write write) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const int before = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  close(ends[1]);
  write();
  dup2(before, STDERR_FILENO);
  close(before);
  std::string all;
  std::array<char, 4096> block;
  for (ssize_t size = 0; (size = read(ends[0], block.data(), block.size())) > 0;) {
    all.append(block.data(), static_cast<std::size_t>(size));
  }
  close(ends[0]);
  return all;
}

TEST(LogTextTest, IsOneLine) {
  EXPECT_EQ(LogText(Record("no route to host")),
            "2026-11-21T04:05:06Z WARN candor.telemetry CANDOR-010 no route to host\n");
}

TEST(LogTextTest, EscapesWhatEndsALineOrCommandsATerminal) {
  EXPECT_EQ(LogText(Record("a\nb\r\tc\x1b[2J\x7f\xc2\x9bz\u2028\u2029\xffä")),
            "2026-11-21T04:05:06Z WARN candor.telemetry CANDOR-010 a\\nb\\r\\tc\\x1b[2J\\x7f"
            "\\xc2\\x9bz\\xe2\\x80\\xa8\\xe2\\x80\\xa9\\xffä\n");
  EXPECT_NE(LogText(Record(std::string("a\0b\xc2", 4))).find("a\\x00b\\xc2\n"), std::string::npos);
}

TEST(LogJsonTest, IsOneObjectOnOneLine) {
  EXPECT_EQ(LogJson(Record("said \"no\"\nä")),
            "{\"time\":\"2026-11-21T04:05:06Z\",\"level\":\"WARN\",\"logger\":\"candor.telemetry\","
            "\"id\":\"CANDOR-010\",\"message\":\"said \\\"no\\\"\\\\nä\"}\n");
}

TEST(LogEventTest, EveryOneHasItsLevelAndId) {
  for (int number = 1; number <= kLast; ++number) {
    const auto event = static_cast<LogEvent>(number);
    EXPECT_EQ(IdOf(event).size(), 10u);
    EXPECT_LE(LevelOf(event), LogLevel::kWarning);
  }
  EXPECT_EQ(IdOf(LogEvent::kStarted), "CANDOR-001");
  EXPECT_EQ(IdOf(LogEvent::kInternal), "CANDOR-027");
  EXPECT_EQ(LevelOf(LogEvent::kSending), LogLevel::kDebug);
  EXPECT_EQ(LevelOf(LogEvent::kAccepted), LogLevel::kInfo);
  EXPECT_EQ(LevelOf(LogEvent::kRejected), LogLevel::kWarning);
}

TEST(StandardErrorLogTest, WritesFromItsLevelOn) {
  EXPECT_EQ(StandardErrorOf([] {
              StandardErrorLog log(LogLevel::kWarning, false);
              LogRecord record = Record("kept");
              log.Write(record);
              record.level = LogLevel::kInfo;
              log.Write(record);
            }),
            LogText(Record("kept")));
  EXPECT_EQ(StandardErrorOf([] {
              StandardErrorLog log(LogLevel::kDebug, true);
              log.Write(Record("kept"));
            }),
            LogJson(Record("kept")));
}

TEST(StandardErrorLogTest, ANobodyWhoListensDoesNoHarm) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  close(ends[0]);
  const int before = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  StandardErrorLog(LogLevel::kDebug, false).Write(Record("lost"));
  dup2(before, STDERR_FILENO);
  close(before);
  close(ends[1]);
}

}  // namespace
}  // namespace candor
