#include "native/collector/statistics/statistics_days.h"

#include "core/day.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::int64_t kDays = 30;

std::int64_t DayOf(const std::string& place, const std::string& text, std::int64_t missing,
                   Problems& problems) {
  if (text.empty()) return missing;
  UnixMillis time = 0;
  if (text.size() == 10 && ParseTime(text + "T00:00:00Z", &time)) return time / kDayMs;
  problems.Add({ErrorCode::kOutOfRange, place + " " + Quotable(text, 100),
                "must be a day such as 2026-11-21"});
  return missing;
}

}  // namespace

Result<StatisticsQuery> ParseStatisticsDays(const std::string& from, const std::string& to,
                                            UnixMillis now, std::string_view prefix) {
  Problems problems;
  StatisticsQuery query;
  const std::string first = std::string(prefix) + "from", last = std::string(prefix) + "to";
  query.last_day = DayOf(last, to, now / kDayMs - 1, problems);
  query.first_day = DayOf(first, from, query.last_day - kDays + 1, problems);
  if (problems.empty() && query.first_day > query.last_day) {
    problems.Add({ErrorCode::kOutOfRange, first, "must not be later than " + last});
  }
  if (!problems.empty()) return problems;
  return query;
}

}  // namespace candor
