#include "native/scrape/usage_endpoint.h"

#include "core/json_reader.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kMetricsPath = "/actuator/prometheus";
// An answer may list the names of all users beside their number.
constexpr std::size_t kMostBytes = std::size_t{8} << 20;

// "2024-04-04T11:05:31.639+0000", the plus sign escaped.
std::string QueryTime(UnixMillis time) {
  std::string text = TimeText(time);
  const std::string millis = Decimal(time % 1000);
  text.pop_back();  // Z
  return text + "." + std::string(3 - millis.size(), '0') + millis + "%2B0000";
}

}  // namespace

std::string UsageUrl(std::string_view metrics_url, std::string_view key, UnixMillis to) {
  if (!metrics_url.ends_with(kMetricsPath) || to < kUsageWindowMs) return "";
  const std::string base(metrics_url.substr(0, metrics_url.size() - kMetricsPath.size()));
  // Tasklist counts task users as assignees.
  const std::string name = key == "task-users" ? "assignees" : std::string(key);
  return base + "/actuator/usage-metrics/" + name + "?startTime=" + QueryTime(to - kUsageWindowMs) +
         "&endTime=" + QueryTime(to);
}

std::optional<std::int64_t> ReadUsage(std::string_view answer) {
  JsonLimits limits;
  limits.max_bytes = kMostBytes;
  const Result<JsonValue> document = ReadJson(answer, limits);
  if (!document.ok()) return std::nullopt;
  const JsonValue* const total = document.value().Find("total");
  std::int64_t value = 0;
  if (total == nullptr || !total->AsInteger(&value) || value < 0) return std::nullopt;
  return value;
}

}  // namespace candor
