#include "native/collector/statistics/inspection.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/day.h"
#include "native/collector/store/report_values.h"

namespace candor {
namespace {

constexpr std::size_t kCells = std::size_t{1} << 22;
constexpr std::string_view kFrom = "/tsFrom", kTo = "/tsTo";

using Reports = std::span<const StoredReport>;

std::int64_t DayOf(const StoredReport& report) { return report.arrived_ms / kDayMs; }

Complaint ComplaintOfDay(Reports day) {
  if (day.size() > kMostReportsADay) return Complaint::kTooManyInADay;
  std::set<std::string_view> addresses;
  for (const StoredReport& report : day) {
    if (!report.address.empty()) addresses.insert(report.address);
  }
  return addresses.size() > kMostAddressesADay ? Complaint::kManyAddresses : Complaint::kNone;
}

// The time that was told of already, at each place.
class Windows {
 public:
  // Whether a report tells of some of it again; else its windows are told now.
  bool Repeats(const StoredReport& report) {
    if (report.values.find(kTo) == std::string::npos) return false;
    const Result<ReportValues> values = ReadReportValues(report.values);
    if (!values.ok()) return false;
    std::map<std::string, Window> windows;
    for (const auto& [place, number] : values.value().numbers) {
      if (place.ends_with(kFrom)) {
        windows[place.substr(0, place.size() - kFrom.size())].from = number;
      } else if (place.ends_with(kTo)) {
        windows[place.substr(0, place.size() - kTo.size())].to = number;
      }
    }
    for (const auto& [place, window] : windows) {
      const std::int64_t length = window.to - window.from;
      // Times that no clock shows are no windows.
      if (window.from <= 0 || length <= 0) continue;
      if (TakenOf(place, window) > length * kMostOverlap / 100) return true;
    }
    for (const auto& [place, window] : windows) Take(taken_[place], window);
    return false;
  }

 private:
  struct Window {
    std::int64_t from = 0, to = 0;
  };

  using Times = std::map<std::int64_t, std::int64_t>;  // From and to; they are apart.

  // The first that ends behind `from`.
  static Times::const_iterator FirstBehind(const Times& times, std::int64_t from) {
    auto at = times.upper_bound(from);
    if (at != times.begin() && std::prev(at)->second > from) --at;
    return at;
  }

  std::int64_t TakenOf(const std::string& place, const Window& window) const {
    const auto found = taken_.find(place);
    if (found == taken_.end()) return 0;
    std::int64_t taken = 0;
    for (auto at = FirstBehind(found->second, window.from);
         at != found->second.end() && at->first < window.to; ++at) {
      taken += std::min(at->second, window.to) - std::max(at->first, window.from);
    }
    return taken;
  }

  static void Take(Times& times, Window window) {
    auto at = FirstBehind(times, window.from);
    while (at != times.end() && at->first < window.to) {
      window = {std::min(window.from, at->first), std::max(window.to, at->second)};
      at = times.erase(at);
    }
    times[window.from] = window.to;
  }

  std::map<std::string, Times> taken_;
};

}  // namespace

std::string_view Name(Complaint complaint) {
  switch (complaint) {
    case Complaint::kTooManyInADay:
      return "too-many-in-a-day";
    case Complaint::kManyAddresses:
      return "many-addresses";
    case Complaint::kManyInstallations:
      return "many-installations";
    case Complaint::kWindowOverlap:
      return "window-overlap";
    case Complaint::kNone:
      break;
  }
  return "";
}

Inspector::Inspector() : installations_(kCells) {}

std::size_t Inspector::CellOf(const StoredReport& report) const {
  return std::hash<std::string>()(report.address + std::to_string(DayOf(report))) % kCells;
}

void Inspector::Note(const StoredReport& report) {
  if (report.address.empty()) return;
  if (report.installation != installation_ || report.catalogue != catalogue_) {
    installation_ = report.installation;
    catalogue_ = report.catalogue;
    cells_.clear();
  }
  const std::size_t cell = CellOf(report);
  if (std::find(cells_.begin(), cells_.end(), cell) != cells_.end()) return;
  // More places of one installation than anybody has are not kept apart.
  if (cells_.size() < kMostAddressesADay) cells_.push_back(cell);
  ++installations_[cell];
}

std::vector<Complaint> Inspector::Inspect(Reports reports) const {
  std::vector<Complaint> complaints(reports.size(), Complaint::kNone);
  Windows windows;
  for (std::size_t from = 0, to = 0; from < reports.size(); from = to) {
    while (to < reports.size() && DayOf(reports[to]) == DayOf(reports[from])) ++to;
    const Complaint all = ComplaintOfDay(reports.subspan(from, to - from));
    for (std::size_t i = from; i < to; ++i) {
      complaints[i] = all;
      if (all != Complaint::kNone) continue;
      if (!reports[i].address.empty() &&
          installations_[CellOf(reports[i])] > kMostInstallationsADay) {
        complaints[i] = Complaint::kManyInstallations;
      } else if (windows.Repeats(reports[i])) {
        complaints[i] = Complaint::kWindowOverlap;
      }
    }
  }
  return complaints;
}

std::optional<Error> ScanInspected(CollectorStore& store, UnixMillis from, UnixMillis to,
                                   const VisitInspected& visit) {
  const UnixMillis earliest = from - kLookBackMs;
  Inspector inspector;
  auto error = store.Scan(earliest, to, [&inspector](StoredReport& report) {
    inspector.Note(report);
    return true;
  });
  if (error) return error;
  std::vector<StoredReport> current;
  bool more = true;
  const auto end = [&] {
    const std::vector<Complaint> complaints = inspector.Inspect(current);
    for (std::size_t i = 0; i < current.size() && more; ++i) {
      if (current[i].arrived_ms < from) continue;
      more = visit(current[i], current[i].released ? Complaint::kNone : complaints[i]);
    }
    current.clear();
  };
  error = store.Scan(earliest, to, [&](StoredReport& report) {
    // Nobody's reports are not compared with each other.
    if (report.installation.empty()) return visit(report, Complaint::kNone);
    if (!current.empty() && (current.front().installation != report.installation ||
                             current.front().catalogue != report.catalogue)) {
      end();
    }
    current.push_back(std::move(report));
    return more;
  });
  if (!error && more) end();
  return error;
}

}  // namespace candor
