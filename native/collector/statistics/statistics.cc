#include "native/collector/statistics/statistics.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/json_writer.h"
#include "core/text.h"

namespace candor {
namespace {

using Kind = StatisticsCell::Kind;

std::string_view Name(const StatisticsCell& cell) {
  if (cell.kind == Kind::kValue) return cell.value;
  return cell.kind == Kind::kNone ? "(none)" : "(others)";
}

// ---- CSV

std::string CsvField(std::string_view text) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  std::string field = formula ? "'" : "";
  field.append(text);
  if (field.find_first_of("\",\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

class Csv {
 public:
  void Row(std::string_view catalogue, std::string_view what, std::string_view place,
           std::string_view value, std::int64_t installations, std::string_view total) {
    for (const std::string_view text : {catalogue, what, place, value}) {
      text_.append(CsvField(text)).append(",");
    }
    text_.append(Decimal(installations)).append(",").append(total).append("\r\n");
  }
  std::string Take() && { return std::move(text_); }

 private:
  std::string text_ = "catalogue,what,place,value,installations,total\r\n";
};

// ---- for people

void Line(std::string& text, std::string_view name, std::int64_t installations,
          std::string_view total = "") {
  std::string number = Decimal(installations);
  number.insert(0, number.size() < 12 ? 12 - number.size() : 0, ' ');
  text.append(number).append("  ").append(Quotable(name, 200));
  if (!total.empty()) text.append("  ").append(total);
  text.append("\n");
}

}  // namespace

std::vector<StatisticsCell> MergeSmallGroups(std::vector<StatisticsCell> cells,
                                             std::int64_t least) {
  std::sort(cells.begin(), cells.end(), [](const StatisticsCell& a, const StatisticsCell& b) {
    if (a.installations != b.installations) return a.installations > b.installations;
    return std::pair(a.kind, std::string_view(a.value)) <
           std::pair(b.kind, std::string_view(b.value));
  });
  StatisticsCell others{Kind::kOthers, "", 0};
  while (!cells.empty()) {
    const bool small = cells.back().installations < least;
    const bool cover = others.installations > 0 && others.installations < least;
    if (!small && !cover) break;
    others.installations += cells.back().installations;
    cells.pop_back();
  }
  if (others.installations >= least) cells.push_back(std::move(others));
  return cells;
}

std::string StatisticsAsText(const Statistics& statistics) {
  std::string text = "From " + statistics.from + " to " + statistics.to + ", groups of at least " +
                     Decimal(statistics.least) + " installations\n";
  for (const CatalogueStatistics& of : statistics.catalogues) {
    text += "\n" + of.name + ": " + Decimal(of.installations) + " installations, " +
            Decimal(of.reports) + " reports\n";
    text += "\n  installations alive on\n";
    for (const StatisticsDay& day : of.days) Line(text, day.date, day.installations);
    for (const StatisticsText& say : of.texts) {
      text += "\n  " + say.place + "\n";
      for (const StatisticsCell& cell : say.cells) Line(text, Name(cell), cell.installations);
    }
    if (!of.counts.empty()) text += "\n  installations, place, total\n";
    for (const StatisticsCount& count : of.counts) {
      Line(text, count.place, count.installations,
           count.total + (count.latest ? " (latest readings)" : ""));
    }
  }
  if (statistics.catalogues.empty())
    text += "\nThere are too few installations to tell anything.\n";
  return text;
}

std::string StatisticsAsJson(const Statistics& statistics) {
  return JsonObject([&](JsonWriter& json) {
    const auto text = [&json](std::string_view key, std::string_view value) {
      json.Key(key);
      json.String(value);
    };
    const auto number = [&json](std::string_view key, std::int64_t value) {
      json.Key(key);
      json.Integer(value);
    };
    const auto list = [&json](std::string_view key, const auto& items, const auto& write) {
      json.Key(key);
      json.BeginArray();
      for (const auto& item : items) {
        json.BeginObject();
        write(item);
        json.EndObject();
      }
      json.EndArray();
    };
    text("from", statistics.from);
    text("to", statistics.to);
    number("leastInstallations", statistics.least);
    list("catalogues", statistics.catalogues, [&](const CatalogueStatistics& of) {
      text("name", of.name);
      number("installations", of.installations);
      number("reports", of.reports);
      list("days", of.days, [&](const StatisticsDay& day) {
        text("date", day.date);
        number("installations", day.installations);
      });
      list("texts", of.texts, [&](const StatisticsText& say) {
        text("place", say.place);
        json.Key("list");
        json.Boolean(say.list);
        list("values", say.cells, [&](const StatisticsCell& cell) {
          json.Key("value");
          cell.kind == Kind::kValue ? json.String(cell.value) : json.Null();
          if (cell.kind == Kind::kOthers) {
            json.Key("others");
            json.Boolean(true);
          }
          number("installations", cell.installations);
        });
      });
      list("counts", of.counts, [&](const StatisticsCount& count) {
        text("place", count.place);
        text("of", count.latest ? "latest" : "all");
        number("installations", count.installations);
        json.Key("total");
        json.NumberText(count.total);
      });
    });
  });
}

std::string StatisticsAsCsv(const Statistics& statistics) {
  Csv csv;
  for (const CatalogueStatistics& of : statistics.catalogues) {
    csv.Row(of.name, "catalogue", "", "", of.installations, Decimal(of.reports));
    for (const StatisticsDay& day : of.days) {
      csv.Row(of.name, "day", "", day.date, day.installations, "");
    }
    for (const StatisticsText& say : of.texts) {
      for (const StatisticsCell& cell : say.cells) {
        csv.Row(of.name, say.list ? "list" : "text", say.place, Name(cell), cell.installations, "");
      }
    }
    for (const StatisticsCount& count : of.counts) {
      csv.Row(of.name, count.latest ? "latest" : "sum", count.place, "", count.installations,
              count.total);
    }
  }
  return std::move(csv).Take();
}

}  // namespace candor
