#include "native/base/log.h"

#include <array>

#include "core/text.h"
#include "native/base/log_line.h"

namespace candor {
namespace {

constexpr std::string_view kLogger = "candor.telemetry";

struct Row {
  LogEvent event;
  LogLevel level;
};

constexpr LogLevel kDebug = LogLevel::kDebug;
constexpr LogLevel kInfo = LogLevel::kInfo;
constexpr LogLevel kWarning = LogLevel::kWarning;

// Beside each, the events of the Camunda 7 engine that it stands for: ENGINE-28NNN of its telemetry
// logger, ENGINE-03NNN of its persistence logger. By the order of the numbers.
constexpr std::array kRows = {
    Row{LogEvent::kStarted, kInfo},                  // 28001
    Row{LogEvent::kStopped, kDebug},                 //
    Row{LogEvent::kOff, kInfo},                      // 28009
    Row{LogEvent::kWaiting, kDebug},                 //
    Row{LogEvent::kAsking, kInfo},                   // 28007
    Row{LogEvent::kSealed, kInfo},                   //
    Row{LogEvent::kSending, kDebug},                 // 28006, without the bytes
    Row{LogEvent::kAccepted, kInfo},                 // 28016
    Row{LogEvent::kUnexpectedStatus, kDebug},        // 28015
    Row{LogEvent::kSendingFailed, kWarning},         // 28002 to 28005, 28011, 28012
    Row{LogEvent::kSendingWorks, kInfo},             //
    Row{LogEvent::kRejected, kWarning},              // 28004
    Row{LogEvent::kInvalidFacts, kWarning},          // 28017
    Row{LogEvent::kInvalidFactsWhich, kDebug},       // 28018
    Row{LogEvent::kConsent, kInfo},                  // 28008, 03092 to 03095
    Row{LogEvent::kInstallation, kDebug},            // 03096 to 03100
    Row{LogEvent::kStoreFailed, kWarning},           // 03091
    Row{LogEvent::kStoreWorks, kInfo},               //
    Row{LogEvent::kStoreSetAside, kWarning},         //
    Row{LogEvent::kCountersInMemory, kWarning},      //
    Row{LogEvent::kCountersFull, kWarning},          //
    Row{LogEvent::kDissolved, kDebug},               //
    Row{LogEvent::kWithdrawn, kInfo},                //
    Row{LogEvent::kStopTookTooLong, kWarning},       //
    Row{LogEvent::kInvalidConfiguration, kWarning},  //
    Row{LogEvent::kInitialReport, kInfo},            // 28001 to 28016 with "initial", 03107
    Row{LogEvent::kInternal, kWarning},              // 28003, 28010, 28013, 28014, 28019
    Row{LogEvent::kReloaded, kInfo},                 //
    Row{LogEvent::kInvalidReload, kWarning},         //
    Row{LogEvent::kComponents, kInfo},               //
    Row{LogEvent::kFactFiles, kWarning},             //
    Row{LogEvent::kHistory, kWarning},               //
    Row{LogEvent::kListening, kInfo},                //
    Row{LogEvent::kProbes, kWarning},                //
    Row{LogEvent::kReceiptKeys, kInfo},              //
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].event) != i + 1) return false;
  }
  return true;
}
static_assert(IsInOrder());

}  // namespace

std::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarning:
      return "WARN";
  }
  return "";
}

LogLevel LevelOf(LogEvent event) {
  const auto number = static_cast<std::size_t>(event);
  return number >= 1 && number <= kRows.size() ? kRows[number - 1].level : LogLevel::kWarning;
}

std::string IdOf(LogEvent event) {
  std::string digits = Decimal(static_cast<std::int64_t>(event));
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return "CANDOR-" + digits;
}

std::string LogText(const LogRecord& record) {
  const std::string id = IdOf(record.event);
  return AsText({record.at, Name(record.level), kLogger, id, record.message});
}

std::string LogJson(const LogRecord& record) {
  const std::string id = IdOf(record.event);
  return AsJson({record.at, Name(record.level), kLogger, id, record.message});
}

void StandardErrorLog::Write(const LogRecord& record) noexcept {
  if (record.level < least_) return;
  try {
    WriteToStandardError(json_ ? LogJson(record) : LogText(record));
  } catch (...) {
    // No memory for a line; the reporter goes on without it.
  }
}

}  // namespace candor
