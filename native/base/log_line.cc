#include "native/base/log_line.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <span>

#include "core/json_writer.h"
#include "core/sink.h"
#include "core/text.h"
#include "native/base/sigpipe_guard.h"

namespace candor {
namespace {

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

std::string AsText(const LogLine& line) {
  std::string text = TimeText(line.at);
  text.append(" ").append(line.level).append(" ").append(line.logger).append(" ");
  text.append(line.id).append(" ").append(OneLine(line.message)).append("\n");
  return text;
}

std::string AsJson(const LogLine& line) {
  // The JSON writer's form has many lines; a log's has one.
  std::string text = "{\"time\":\"" + TimeText(line.at) + "\",\"level\":\"";
  text.append(line.level).append("\",\"logger\":\"").append(line.logger);
  text.append("\",\"id\":\"").append(line.id).append("\",\"message\":");
  text.append(Quoted(OneLine(line.message))).append("}\n");
  return text;
}

void WriteToStandardError(std::string_view line) noexcept {
  const SigpipeGuard guard;
  // In one call, so that lines of several processes do not mix.
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t size = write(STDERR_FILENO, rest.data(), rest.size());
    if (size < 0 && errno != EINTR) return;
    if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace candor
