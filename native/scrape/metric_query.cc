#include "native/scrape/metric_query.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kMostComponentBytes = 1024;
constexpr UnixMillis kLatest = 253'402'300'799'000;  // The year 9999.

std::optional<std::string> Decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned byte = 0;
    const char* const digits = text.data() + i + 1;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto read = std::from_chars(digits, digits + 2, byte, 16);
    if (read.ec != std::errc() || read.ptr != digits + 2) return std::nullopt;
    decoded += static_cast<char>(byte);
    i += 2;
  }
  if (FindInvalidUtf8(decoded) != std::string_view::npos) return std::nullopt;
  return decoded;
}

bool ReadSince(std::string_view value, UnixMillis* since) {
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, *since);
  return read.ec == std::errc() && read.ptr == end && *since >= 0 && *since <= kLatest;
}

void ReadParameter(std::string_view parameter, MetricQuery& query, Problems& problems) {
  const std::size_t equals = std::min(parameter.find('='), parameter.size());
  const std::string_view name = parameter.substr(0, equals);
  const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
  const std::string where = "/" + Quotable(name, 64);
  if (name == "component") {
    const std::optional<std::string> text = Decoded(value);
    if (!text || text->empty() || text->size() > kMostComponentBytes || !query.component.empty()) {
      problems.Add({ErrorCode::kOutOfRange, where,
                    "must be given once, as ID or RELEASE/ID, percent-encoded"});
    } else {
      query.component = *text;
    }
  } else if (name == "since") {
    if (!ReadSince(value, &query.since)) {
      problems.Add({ErrorCode::kOutOfRange, where,
                    "must be milliseconds since 1970, such as 1795262400000"});
    }
  } else {
    problems.Add({ErrorCode::kUnknownKey, where, "there are component and since"});
  }
}

}  // namespace

Result<MetricQuery> ReadMetricQuery(std::string_view query) {
  MetricQuery read;
  Problems problems;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    ReadParameter(query.substr(0, end), read, problems);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  if (!problems.empty()) return problems;
  return read;
}

}  // namespace candor
