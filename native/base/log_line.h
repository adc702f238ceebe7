// One line of a log, for people and for machines, on standard error.
#pragma once

#include <string>
#include <string_view>

#include "core/time_text.h"

namespace candor {

struct LogLine {
  UnixMillis at = 0;
  std::string_view level, logger, id;
  std::string_view message;  // Any bytes: what would end the line or move a terminal is escaped.
};

// Both with a final line feed. The JSON is one object of these members, the time as "time".
std::string AsText(const LogLine& line);
std::string AsJson(const LogLine& line);

// What cannot be written is lost.
void WriteToStandardError(std::string_view line) noexcept;

}  // namespace candor
