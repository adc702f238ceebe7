#include "native/collector/sqlite_statistics.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/report_tree.h"
#include "native/state/sqlite_database.h"

namespace candor {
namespace {

constexpr char kDoing[] = "read statistics";
constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;

// A sum of 64-bit numbers is exact when it is made of their halves, and only then.
constexpr char kSums[] = "sum(n.value>>24), sum(n.value&16777215)";
__extension__ using Wide = __int128;

std::string DecimalOf(std::int64_t high, std::int64_t low) {
  Wide value = (static_cast<Wide>(high) << 24) + low;
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

// One catalogue's, in one transaction that ends without a trace.
class Reader {
 public:
  Reader(Database& database, const Catalogue& catalogue, const StatisticsQuery& query)
      : database_(database), catalogue_(catalogue), query_(query) {}

  std::optional<Error> Read(CatalogueStatistics& result) {
    result.name = catalogue_.name;
    if (auto error = Choose(result)) return error;
    if (result.installations < query_.least) return std::nullopt;
    if (auto error = ReadTexts(result)) return error;
    if (auto error = ReadCounts(result)) return error;
    std::sort(result.counts.begin(), result.counts.end(), [](const auto& a, const auto& b) {
      if (a.installations != b.installations) return a.installations > b.installations;
      return a.place < b.place;
    });
    return std::nullopt;
  }

 private:
  // Reports of days with enough installations; and of each installation the latest of them.
  std::optional<Error> Choose(CatalogueStatistics& result) {
    const auto error = database_.Run(
        "DROP TABLE IF EXISTS temp.chosen; DROP TABLE IF EXISTS temp.latest;"
        "DROP TABLE IF EXISTS temp.days; DROP TABLE IF EXISTS temp.small;"
        "CREATE TEMP TABLE days(day INTEGER PRIMARY KEY, installations INTEGER);"
        "CREATE TEMP TABLE chosen(id INTEGER PRIMARY KEY, installation TEXT);"
        "CREATE TEMP TABLE latest(id INTEGER PRIMARY KEY);"
        "CREATE TEMP TABLE small(place INTEGER PRIMARY KEY)",
        kDoing);
    if (error) return error;
    const std::string days =
        "INSERT INTO days SELECT arrived_ms/86400000 AS day, count(DISTINCT installation) AS n"
        " FROM reports WHERE catalogue=? AND installation<>'' AND arrived_ms>=? AND arrived_ms<?"
        " GROUP BY day HAVING n>=?";
    Statement fill_days(database_, days, kDoing);
    fill_days.Bind(catalogue_.name).Bind(query_.first_day * kDayMs);
    fill_days.Bind((query_.last_day + 1) * kDayMs).Bind(query_.least);
    if (auto failed = fill_days.Run()) return failed;
    Statement choose(database_,
                     "INSERT INTO chosen SELECT id, installation FROM reports WHERE catalogue=?"
                     " AND installation<>'' AND arrived_ms/86400000 IN (SELECT day FROM days)",
                     kDoing);
    if (auto failed = choose.Bind(catalogue_.name).Run()) return failed;
    Statement latest(database_,
                     "INSERT INTO latest SELECT max(id) FROM chosen GROUP BY installation", kDoing);
    if (auto failed = latest.Run()) return failed;
    Statement day(database_, "SELECT day, installations FROM days ORDER BY day", kDoing);
    while (day.Row()) result.days.push_back({DateOf(day.Integer(0)), day.Integer(1)});
    if (day.error()) return day.error();
    Statement all(database_, "SELECT (SELECT count(*) FROM latest), (SELECT count(*) FROM chosen)",
                  kDoing);
    if (all.Row()) {
      result.installations = all.Integer(0);
      result.reports = all.Integer(1);
    }
    return all.error();
  }

  std::optional<Error> ReadTexts(CatalogueStatistics& result) {
    Statement row(database_,
                  "SELECT p.place, t.value, count(*) FROM latest JOIN texts t ON t.report=latest.id"
                  " JOIN places p ON p.id=t.place GROUP BY p.place, t.value ORDER BY p.place",
                  kDoing);
    std::map<std::string, std::vector<StatisticsCell>> by_place;
    while (row.Row()) {
      by_place[row.Text(0)].push_back({StatisticsCell::Kind::kValue, row.Text(1), row.Integer(2)});
    }
    if (row.error()) return row.error();
    for (auto& [place, cells] : by_place) {
      const Place of = FindPlace(catalogue_, place);
      if (of.field == nullptr) continue;
      StatisticsText text{place, of.field->type != FieldType::kString, {}};
      text.cells =
          text.list ? LargeOf(std::move(cells)) : Groups(std::move(cells), result.installations);
      if (!text.cells.empty()) result.texts.push_back(std::move(text));
    }
    return std::nullopt;
  }

  std::vector<StatisticsCell> LargeOf(std::vector<StatisticsCell> cells) const {
    std::erase_if(cells, [this](const auto& cell) { return cell.installations < query_.least; });
    std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) {
      return a.installations != b.installations ? a.installations > b.installations
                                                : a.value < b.value;
    });
    return cells;
  }

  std::vector<StatisticsCell> Groups(std::vector<StatisticsCell> cells, std::int64_t all) const {
    for (const StatisticsCell& cell : cells) all -= cell.installations;
    if (all > 0) cells.push_back({StatisticsCell::Kind::kNone, "", all});
    return MergeSmallGroups(std::move(cells), query_.least);
  }

  // The rows of `sql`: id, place, installations and the sum's halves.
  std::optional<Error> ReadCounts(CatalogueStatistics& result) {
    const std::string columns =
        std::string("SELECT p.id, p.place, count(DISTINCT c.installation), ") + kSums +
        " FROM chosen c ";
    const std::string rest =
        "JOIN numbers n ON n.report=c.id JOIN places p ON p.id=n.place GROUP BY p.id";
    std::map<std::string, std::vector<std::int64_t>> small;
    for (const bool latest : {false, true}) {
      const std::string sql = columns + (latest ? "JOIN latest USING(id) " : "") + rest;
      Statement row(database_, sql, kDoing);
      while (row.Row()) {
        const std::string place = row.Text(1);
        const Place of = FindPlace(catalogue_, place);
        if (of.field == nullptr || IsReading(of) != latest) continue;
        if (row.Integer(2) >= query_.least) {
          result.counts.push_back(
              {place, latest, row.Integer(2), DecimalOf(row.Integer(3), row.Integer(4))});
        } else if (!latest && of.field->pointer.find("/*") != std::string::npos) {
          small[of.field->pointer].push_back(row.Integer(0));
        }
      }
      if (row.error()) return row.error();
    }
    for (const auto& [pointer, places] : small) {
      if (auto error = AddOthers(pointer, places, result)) return error;
    }
    return std::nullopt;
  }

  std::optional<Error> AddOthers(const std::string& pointer,
                                 const std::vector<std::int64_t>& places,
                                 CatalogueStatistics& result) {
    if (auto error = database_.Run("DELETE FROM small", kDoing)) return error;
    Statement add(database_, "INSERT INTO small VALUES(?)", kDoing);
    for (const std::int64_t place : places) add.Again().Bind(place).Run();
    if (add.error()) return add.error();
    const std::string sql = std::string("SELECT count(DISTINCT c.installation), ") + kSums +
                            " FROM chosen c JOIN numbers n ON n.report=c.id"
                            " WHERE n.place IN (SELECT place FROM small)";
    Statement row(database_, sql, kDoing);
    if (row.Row() && row.Integer(0) >= query_.least) {
      result.counts.push_back(
          {pointer, false, row.Integer(0), DecimalOf(row.Integer(1), row.Integer(2))});
    }
    return row.error();
  }

  Database& database_;
  const Catalogue& catalogue_;
  const StatisticsQuery& query_;
};

}  // namespace

Result<Statistics> ReadStatistics(const std::string& folder, std::span<const Catalogue> catalogues,
                                  const StatisticsQuery& query) {
  std::error_code missing;
  const std::string path = (std::filesystem::canonical(folder, missing) / "reports.db").string();
  if (::access(path.c_str(), F_OK) != 0) {
    return Error{
        ErrorCode::kNotFound, "", "is not there: no collector kept anything here", {}, path};
  }
  Result<std::unique_ptr<Database>> database = Database::Open(path);
  if (!database.ok()) return std::move(database).problems();
  // Everything of one moment; rolled back at the end, with the tables that only this connection
  // has.
  const Transaction moment(*database.value(), Transaction::Kind::kRead);
  if (moment.error()) return *moment.error();
  Statistics statistics{DateOf(query.first_day), DateOf(query.last_day), query.least, {}};
  for (const Catalogue& catalogue : catalogues) {
    CatalogueStatistics of;
    if (auto error = Reader(*database.value(), catalogue, query).Read(of)) return *std::move(error);
    if (of.installations >= query.least) statistics.catalogues.push_back(std::move(of));
  }
  return statistics;
}

}  // namespace candor
