#include "native/transport/answer.h"

#include <algorithm>

namespace candor {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The status of "HTTP/1.1 202 Accepted", 0 when it is not from 100 to 599.
int StatusOf(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.";
  if (!line.starts_with(kVersion) || line.size() < 12 || !IsDigit(line[7]) || line[8] != ' ') {
    return 0;
  }
  if (line.size() > 12 && line[12] != ' ') return 0;
  int status = 0;
  for (const char c : line.substr(9, 3)) {
    if (!IsDigit(c)) return 0;
    status = status * 10 + (c - '0');
  }
  return status >= 100 && status <= 599 ? status : 0;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

bool Answer::ReadHeaderLine(std::string_view line) {
  header_bytes_ += std::min(line.size(), kMaxHeaderBytes + 1);
  if (header_too_long()) return false;
  if (complete_) return true;  // A trailer.
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    StartHeader(line);
  } else if (line.empty()) {
    EndHeader();
  } else {
    ReadField(line);
  }
  return true;
}

bool Answer::ReadBody(std::string_view bytes) {
  if (!complete_) return false;
  receipt_.append(bytes.substr(0, kMaxReceiptBytes - receipt_.size()));
  return receipt_.size() < kMaxReceiptBytes;
}

void Answer::StartHeader(std::string_view status_line) {
  status_ = StatusOf(status_line);
  retry_after_ = {};
}

void Answer::ReadField(std::string_view field) {
  const std::size_t colon = field.find(':');
  if (colon == std::string_view::npos) return;
  std::string_view value = field.substr(colon + 1);
  const std::size_t first = std::min(value.find_first_not_of(" \t"), value.size());
  value = value.substr(first, value.find_last_not_of(" \t") + 1 - first);
  const std::string_view name = field.substr(0, colon);
  if (EqualsIgnoringCase(name, "date")) retry_after_.ReadDate(value);
  if (EqualsIgnoringCase(name, "retry-after")) retry_after_.ReadRetryAfter(value);
}

void Answer::EndHeader() {
  if (status_ < 200) return;
  if (!tunnel_) {
    complete_ = true;
  } else if (status_ < 300) {
    tunnel_ = false;
    status_ = 0;
  } else {
    proxy_status_ = status_;
    status_ = 0;
  }
}

}  // namespace candor
