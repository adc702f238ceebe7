// The logger `candor.telemetry`: what happened to telemetry, one line per change of state.
//
// Never one line per retry, and never a secret: messages are made from what the administrator may
// see anyway, and a licence key's signature, a proxy's password or a report's bytes do not pass
// through here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/time_text.h"

namespace candor {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning };
std::string_view Name(LogLevel level);  // "DEBUG", "INFO", "WARN"

// Stable numbers: "CANDOR-001". Append only; never renumber. The table with levels and wording is
// in log.cc, beside the event of the Camunda 7 engine that each stands for.
enum class LogEvent : std::uint16_t {
  kStarted = 1,                // The reporter runs.
  kStopped = 2,                // It ended.
  kOff = 3,                    // Nothing is collected or sent, and why.
  kWaiting = 4,                // When the next report is due.
  kAsking = 5,                 // Somebody has to decide.
  kSealed = 6,                 // A report is sealed: id, digest, size.
  kSending = 7,                // A report is about to leave: id, digest, endpoint.
  kAccepted = 8,               // The service has it.
  kUnexpectedStatus = 9,       // Accepted with another status than 202.
  kSendingFailed = 10,         // Sending began to fail, and why.
  kSendingWorks = 11,          // It works again.
  kRejected = 12,              // The service refused a report for good.
  kInvalidFacts = 13,          // No report can be made of what is known: how many problems.
  kInvalidFactsWhich = 14,     // Which ones.
  kConsent = 15,               // Somebody decided: verdict, who, through what.
  kInstallation = 16,          // The installation has its id.
  kStoreFailed = 17,           // The state cannot be read or written, and why.
  kStoreWorks = 18,            // It can again.
  kStoreSetAside = 19,         // A damaged store was set aside: where it is, what was kept.
  kCountersInMemory = 20,      // Counters live in memory only, and why.
  kCountersFull = 21,          // More names than there is room for are not counted.
  kDissolved = 22,             // A sealed report that never left was taken back.
  kWithdrawn = 23,             // A sealed report was withdrawn.
  kStopTookTooLong = 24,       // The reporter did not end within its budget and was left behind.
  kInvalidConfiguration = 25,  // The configuration is refused, so nothing is done.
  kInitialReport = 26,         // What became of the initial report.
  kInternal = 27,              // A bug or lack of memory; the host goes on.
  kReloaded = 28,              // A changed configuration is in force.
  kInvalidReload = 29,         // A changed configuration is refused; the one before stays.
  kComponents = 30,            // How many components could be read changed.
  kFactFiles = 31,             // Which fact files are not used, and why; or that all are again.
  kHistory = 32,               // The history of metrics is not kept or not used, and why.
  kListening = 33,             // Where the local API is.
  kProbes = 34,                // Which probes give no answer, and why; or that all do again.
  kReceiptKeys = 35,           // The key that the service signs receipts with is kept.
};

struct LogRecord {
  UnixMillis at = 0;
  LogLevel level = LogLevel::kInfo;
  LogEvent event = LogEvent::kStarted;
  std::string message;  // One line of UTF-8 without control characters.
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  // Called from any thread, one call at a time. Must not throw; must not call Candor.
  virtual void Write(const LogRecord& record) noexcept = 0;
};

// The level the event's table gives it.
LogLevel LevelOf(LogEvent event);
// "CANDOR-008".
std::string IdOf(LogEvent event);

// "2026-11-21T04:05:06Z WARN candor.telemetry CANDOR-010 ...", and one JSON object, both with a
// final line feed.
std::string LogText(const LogRecord& record);
std::string LogJson(const LogRecord& record);

// Writes text or JSON lines to standard error, from `least` on.
class StandardErrorLog : public LogSink {
 public:
  StandardErrorLog(LogLevel least, bool json) : least_(least), json_(json) {}
  void Write(const LogRecord& record) noexcept override;

 private:
  LogLevel least_;
  bool json_;
};

}  // namespace candor
