// A request as a text that a fuzzer can make: "METHOD target", lines "name: value", an empty line,
// and the body.
#pragma once

#include <algorithm>
#include <string_view>

#include "native/http/message.h"

namespace candor {

inline std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

inline HttpRequest RequestIn(std::string_view text) {
  HttpRequest request;
  const std::string_view start = TakeLine(text);
  const std::size_t space = std::min(start.find(' '), start.size());
  request.method = start.substr(0, space);
  request.target = start.substr(std::min(space + 1, start.size()));
  for (std::string_view line = TakeLine(text); !line.empty(); line = TakeLine(text)) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.headers.emplace_back(line.substr(0, colon),
                                 line.substr(std::min(colon + 1, line.size())));
  }
  request.body = text;
  return request;
}

}  // namespace candor
