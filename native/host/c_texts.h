// What the functions of the C ABI share: the handle, and texts as C has them.
#pragma once

#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "native/include/candor/telemetry.h"

struct candor_telemetry {
  explicit candor_telemetry(candor::TelemetryOptions options) : telemetry(std::move(options)) {}
  candor::Telemetry telemetry;
};

namespace candor {

inline const char* Text(const char* text) { return text == nullptr ? "" : text; }

// What stands between line feeds, without empty ones.
inline std::vector<std::string> Lines(const char* text) {
  std::vector<std::string> lines;
  const char* begin = Text(text);
  while (*begin != '\0') {
    const char* end = std::strchr(begin, '\n');
    const std::size_t size =
        end == nullptr ? std::strlen(begin) : static_cast<std::size_t>(end - begin);
    if (size > 0) lines.emplace_back(begin, size);
    begin += size + (end == nullptr ? 0 : 1);
  }
  return lines;
}

// For candor_text_free; NULL for "" and when there is no memory.
inline char* Copy(const std::string& text) {
  if (text.empty()) return nullptr;
  char* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

}  // namespace candor
