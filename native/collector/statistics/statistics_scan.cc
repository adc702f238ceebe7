#include "native/collector/statistics/statistics_scan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/day.h"
#include "core/report_tree.h"
#include "native/collector/statistics/inspection.h"
#include "native/collector/store/report_values.h"

namespace candor {
namespace {

// The sum of any number of 64-bit numbers that a machine can hold.
__extension__ using Wide = __int128;

std::string DecimalOf(Wide value) {
  const bool negative = value < 0;
  if (negative) value = -value;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return negative ? '-' + digits : digits;
}

std::string DateOf(std::int64_t day) { return TimeText(day * kDayMs).substr(0, 10); }

// The field or point of a catalogue that a place belongs to.
struct Place {
  const Field* field = nullptr;
  const PointRule* point = nullptr;
};

bool Matches(const std::string& pointer, const std::vector<std::string>& steps) {
  const std::vector<std::string> pattern = PointerSteps(pointer);
  return std::equal(pattern.begin(), pattern.end(), steps.begin(), steps.end(),
                    [](const auto& a, const auto& b) { return a == "*" || a == b; });
}

Place FindPlace(const Catalogue& catalogue, const std::string& place) {
  std::vector<std::string> steps = PointerSteps(place);
  for (const Field& field : catalogue.fields) {
    if (Matches(field.pointer, steps)) return {&field, nullptr};
  }
  if (steps.empty()) return {};
  const std::string key = steps.back();
  steps.pop_back();
  for (const Field& field : catalogue.fields) {
    if (field.type != FieldType::kDataPoints || !Matches(field.pointer, steps)) continue;
    for (const PointRule& rule : field.points) {
      if (rule.key == key) return {&field, &rule};
    }
  }
  return {};
}

// What is no count of something that happened cannot be added up over time.
bool IsReading(const Place& place) {
  if (place.point != nullptr) {
    return place.point->kind != PointKind::kUsage || place.point->unit == "people";
  }
  return place.field->type == FieldType::kInteger ||
         place.field->pointer.ends_with("/unique-task-workers/count");
}

// One catalogue's, whose reports come installation by installation.
//
// Which days have enough installations is known at the end only. An installation is counted at once
// when each of its days has enough already, and else is held back; each day holds back fewer than
// `least`, so those are few.
class Tally {
 public:
  Tally(const Catalogue& catalogue, const StatisticsQuery& query)
      : catalogue_(catalogue), query_(query) {}

  void Add(StoredReport& report) {
    if (report.installation.empty()) return;
    if (!current_.empty() && current_.back().installation != report.installation) EndInstallation();
    current_.push_back(std::move(report));
  }

  Result<CatalogueStatistics> Finish() {
    EndInstallation();
    for (Reports& reports : held_) {
      std::erase_if(reports, [this](const auto& report) { return !IsChosen(report); });
      if (!reports.empty()) Count(reports);
    }
    if (error_) return *std::move(error_);
    CatalogueStatistics result;
    result.name = catalogue_.name;
    result.installations = installations_;
    result.reports = reports_;
    for (const auto& [day, installations] : days_) {
      if (installations >= query_.least) result.days.push_back({DateOf(day), installations});
    }
    TellTexts(result);
    TellCounts(result);
    return result;
  }

 private:
  using Reports = std::vector<StoredReport>;

  struct Sum {
    Place of;
    bool latest = false;
    Wide total = 0;
    std::int64_t installations = 0;
    // Which those are, while they are too few.
    std::vector<std::int64_t> few;
  };

  bool IsChosen(const StoredReport& report) const {
    return days_.at(report.arrived_ms / kDayMs) >= query_.least;
  }

  void EndInstallation() {
    if (current_.empty()) return;
    std::int64_t last = -1;
    for (const StoredReport& report : current_) {
      const std::int64_t day = report.arrived_ms / kDayMs;
      if (day != last) ++days_[day];
      last = day;
    }
    const bool all = std::all_of(current_.begin(), current_.end(),
                                 [this](const auto& report) { return IsChosen(report); });
    if (all) {
      Count(current_);
    } else {
      held_.push_back(std::move(current_));
    }
    current_.clear();
  }

  // An installation's, of days with enough: its sums, and what its latest says.
  void Count(const Reports& reports) {
    ++installations_;
    reports_ += static_cast<std::int64_t>(reports.size());
    std::map<std::string, Wide> sums;
    ReportValues latest;
    for (const StoredReport& report : reports) {
      Result<ReportValues> values = ReadReportValues(report.values);
      if (!values.ok()) {
        error_ = values.error();
        return;
      }
      latest = std::move(values).value();
      for (const auto& [place, number] : latest.numbers) sums[place] += number;
    }
    for (const auto& [place, total] : sums) AddSum(place, total, false);
    for (const auto& [place, number] : latest.numbers) AddSum(place, number, true);
    for (const auto& [place, texts] : latest.texts) {
      for (const std::string& text : texts) ++texts_[place][text];
    }
  }

  void AddSum(const std::string& place, Wide total, bool latest) {
    const auto [at, fresh] = sums_.try_emplace(place);
    Sum& sum = at->second;
    if (fresh) {
      sum.of = FindPlace(catalogue_, place);
      sum.latest = sum.of.field != nullptr && IsReading(sum.of);
    }
    if (sum.latest != latest) return;
    sum.total += total;
    if (++sum.installations < query_.least) {
      sum.few.push_back(installations_);
    } else {
      sum.few = {};
    }
  }

  void TellTexts(CatalogueStatistics& result) const {
    for (const auto& [place, values] : texts_) {
      const Place of = FindPlace(catalogue_, place);
      if (of.field == nullptr) continue;
      std::vector<StatisticsCell> cells;
      for (const auto& [value, installations] : values) {
        cells.push_back({StatisticsCell::Kind::kValue, value, installations});
      }
      StatisticsText text{place, of.field->type != FieldType::kString, {}};
      text.cells = text.list ? LargeOf(std::move(cells)) : Groups(std::move(cells));
      if (!text.cells.empty()) result.texts.push_back(std::move(text));
    }
  }

  std::vector<StatisticsCell> LargeOf(std::vector<StatisticsCell> cells) const {
    std::erase_if(cells, [this](const auto& cell) { return cell.installations < query_.least; });
    std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) {
      return a.installations != b.installations ? a.installations > b.installations
                                                : a.value < b.value;
    });
    return cells;
  }

  std::vector<StatisticsCell> Groups(std::vector<StatisticsCell> cells) const {
    std::int64_t rest = installations_;
    for (const StatisticsCell& cell : cells) rest -= cell.installations;
    if (rest > 0) cells.push_back({StatisticsCell::Kind::kNone, "", rest});
    return MergeSmallGroups(std::move(cells), query_.least);
  }

  void TellCounts(CatalogueStatistics& result) const {
    struct Others {
      Wide total = 0;
      std::set<std::int64_t> installations;
    };
    std::map<std::string, Others> small;
    for (const auto& [place, sum] : sums_) {
      if (sum.of.field == nullptr) continue;
      if (sum.installations >= query_.least) {
        result.counts.push_back({place, sum.latest, sum.installations, DecimalOf(sum.total)});
      } else if (!sum.latest && sum.of.field->pointer.find("/*") != std::string::npos) {
        Others& others = small[sum.of.field->pointer];
        others.total += sum.total;
        others.installations.insert(sum.few.begin(), sum.few.end());
      }
    }
    for (const auto& [pointer, others] : small) {
      const auto installations = static_cast<std::int64_t>(others.installations.size());
      if (installations < query_.least) continue;
      result.counts.push_back({pointer, false, installations, DecimalOf(others.total)});
    }
    std::sort(result.counts.begin(), result.counts.end(), [](const auto& a, const auto& b) {
      if (a.installations != b.installations) return a.installations > b.installations;
      return a.place < b.place;
    });
  }

  const Catalogue& catalogue_;
  const StatisticsQuery& query_;
  Reports current_;
  std::vector<Reports> held_;
  std::map<std::int64_t, std::int64_t> days_;  // How many installations.
  std::int64_t installations_ = 0, reports_ = 0;
  std::map<std::string, Sum> sums_;
  std::map<std::string, std::map<std::string, std::int64_t>> texts_;
  std::optional<Error> error_;
};

}  // namespace

Result<Statistics> ReadStatistics(CollectorStore& store, std::span<const Catalogue> catalogues,
                                  const StatisticsQuery& query) {
  std::map<std::string, Tally> tallies;
  for (const Catalogue& of : catalogues) tallies.try_emplace(of.name, of, query);
  const auto error = ScanInspected(store, query.first_day * kDayMs, (query.last_day + 1) * kDayMs,
                                   [&tallies](StoredReport& report, Complaint complaint) {
                                     const auto of = tallies.find(report.catalogue);
                                     if (of != tallies.end() && complaint == Complaint::kNone)
                                       of->second.Add(report);
                                     return true;
                                   });
  if (error) return *error;
  Statistics statistics{DateOf(query.first_day), DateOf(query.last_day), query.least, {}};
  for (const Catalogue& catalogue : catalogues) {
    Result<CatalogueStatistics> of = tallies.at(catalogue.name).Finish();
    if (!of.ok()) return std::move(of).problems();
    if (of.value().installations < query.least) continue;
    statistics.catalogues.push_back(std::move(of).value());
  }
  return statistics;
}

}  // namespace candor
