#include "native/base/log.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/json_writer.h"
#include "core/sink.h"
#include "core/text.h"
#include "native/base/sigpipe_guard.h"

namespace candor {
namespace {

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
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].event) != i + 1) return false;
  }
  return true;
}
static_assert(IsInOrder());

// Whether a line would end or a terminal would obey: C0, DEL, C1, and Unicode's line ends.
std::size_t ControlBytesAt(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x20 || byte == 0x7f) return 1;
  const std::string_view rest = text.substr(at);
  if (byte == 0xc2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xa0) return 2;
  return rest.starts_with("\u2028") || rest.starts_with("\u2029") ? 3 : 0;
}

void AppendEscaped(std::string_view control, std::string* out) {
  switch (control[0]) {
    case '\n':
      *out += "\\n";
      return;
    case '\r':
      *out += "\\r";
      return;
    case '\t':
      *out += "\\t";
      return;
    default:
      for (const char c : control) {
        const auto byte = static_cast<std::uint8_t>(c);
        *out += "\\x" + Hex(std::span(&byte, 1));
      }
  }
}

// UTF-8 on one line, whatever the message is.
std::string OneLine(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  std::size_t valid = FindInvalidUtf8(text);
  for (std::size_t i = 0; i < text.size();) {
    std::size_t bytes = 1;
    if (i == valid) {
      AppendEscaped(text.substr(i, 1), &line);
      const std::size_t next = FindInvalidUtf8(text.substr(i + 1));
      valid = next == std::string_view::npos ? next : next + i + 1;
    } else if (const std::size_t control = ControlBytesAt(text, i); control > 0) {
      AppendEscaped(text.substr(i, control), &line);
      bytes = control;
    } else {
      line += text[i];
    }
    i += bytes;
  }
  return line;
}

std::string Quoted(std::string_view utf8) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.String(utf8);
  writer.Finish();
  std::string text = std::move(sink).text();
  text.pop_back();  // The line feed.
  return text;
}

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
  std::string line = TimeText(record.at);
  line += ' ';
  line += Name(record.level);
  line += " candor.telemetry ";
  line += IdOf(record.event);
  line += ' ';
  line += OneLine(record.message);
  line += '\n';
  return line;
}

std::string LogJson(const LogRecord& record) {
  // The JSON writer's form has many lines; a log's has one.
  std::string line = "{\"time\":\"" + TimeText(record.at) + "\",\"level\":\"";
  line += Name(record.level);
  line += "\",\"logger\":\"candor.telemetry\",\"id\":\"" + IdOf(record.event) + "\",\"message\":";
  line += Quoted(OneLine(record.message));
  line += "}\n";
  return line;
}

void StandardErrorLog::Write(const LogRecord& record) noexcept {
  if (record.level < least_) return;
  try {
    const std::string line = json_ ? LogJson(record) : LogText(record);
    const SigpipeGuard guard;
    // In one call, so that lines of several processes do not mix.
    for (std::string_view rest = line; !rest.empty();) {
      const ssize_t size = write(STDERR_FILENO, rest.data(), rest.size());
      if (size < 0 && errno != EINTR) return;
      if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
    }
  } catch (...) {
    // No memory for a line; the reporter goes on without it.
  }
}

}  // namespace candor
