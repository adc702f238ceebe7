#include "native/collector/store/retention.h"

#include <algorithm>
#include <utility>

#include "core/day.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::int64_t kMostDays = 36'500;
constexpr std::int64_t kAtOnce = 1000;

}  // namespace

Result<KeepDays> ParseKeepDays(const std::vector<std::string>& texts,
                               std::span<const Catalogue> catalogues) {
  KeepDays all, named;
  Problems problems;
  for (const std::string& text : texts) {
    const std::string where = "--keep-days " + Quotable(text, 200);
    const std::size_t equals = text.find('=');
    const std::string name = equals == std::string::npos ? "" : text.substr(0, equals);
    const bool known = std::any_of(catalogues.begin(), catalogues.end(),
                                   [&name](const Catalogue& of) { return of.name == name; });
    if (equals != std::string::npos && !known) {
      problems.Add({ErrorCode::kNotFound, where, "names no catalogue of this collector"});
    }
    std::int64_t days = 0;
    const std::string number = equals == std::string::npos ? text : text.substr(equals + 1);
    if (!ParseDecimal(number, &days) || days < 1 || days > kMostDays) {
      problems.Add({ErrorCode::kOutOfRange, where,
                    "must be a number of days from 1 to 36500, or CATALOGUE=DAYS"});
    }
    if (known) named[name] = days;
    if (equals != std::string::npos) continue;
    for (const Catalogue& catalogue : catalogues) all[catalogue.name] = days;
  }
  if (!problems.empty()) return problems;
  named.merge(all);
  return named;
}

Result<std::int64_t> ExpireReports(const KeepDays& days, UnixMillis now, CollectorStore& store) {
  std::int64_t expired = 0;
  for (const auto& [catalogue, keep] : days) {
    for (std::int64_t some = kAtOnce; some == kAtOnce;) {
      Result<std::int64_t> gone = store.Expire(catalogue, now - keep * kDayMs, kAtOnce);
      if (!gone.ok()) return gone;
      some = gone.value();
      expired += some;
    }
  }
  return expired;
}

}  // namespace candor
