// What may be told of the reports: counts that add up, and no cell that fewer than `least`
// installations stand in.
//
// What is too small is merged or left out, and so that nothing published gives it away by
// subtraction:
// - a day on which fewer reported is left out with its reports, so that no total holds them;
// - a text that has one value for each installation falls into groups that add up to all
//   installations; small ones are one group, "others", to which the smallest published one is added
//   until it is large enough, too;
// - of lists, whose groups overlap, and of counts no grand total is told; small ones with open keys
//   are one line, "others", where that is large enough, else they are left out.
// Two publications over nearly the same days can still be subtracted from each other: publish whole
// months. Who forges installations can fill a cell; the limits on posts are the remedy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candor {

struct StatisticsCell {
  enum class Kind : std::uint8_t {
    kValue,
    kNone,    // Installations that say nothing here.
    kOthers,  // All that are too small.
  };
  Kind kind = Kind::kValue;
  std::string value;  // Of kValue.
  std::int64_t installations = 0;
};

struct StatisticsDay {
  std::string date;  // "2026-11-21", UTC.
  std::int64_t installations = 0;
};

// What installations say at one place, each by its latest report; most first, others last.
struct StatisticsText {
  std::string place;
  bool list = false;  // One installation may stand in several cells.
  std::vector<StatisticsCell> cells;
};

// A count. `total` is a decimal: it may be longer than 64 bits.
struct StatisticsCount {
  std::string place;    // With "*" for others.
  bool latest = false;  // Of each installation its latest reading, and not the sum of all.
  std::int64_t installations = 0;
  std::string total;
};

struct CatalogueStatistics {
  std::string name;
  std::int64_t installations = 0, reports = 0;
  std::vector<StatisticsDay> days;
  std::vector<StatisticsText> texts;
  std::vector<StatisticsCount> counts;
};

struct Statistics {
  std::string from, to;  // "2026-11-21", both included.
  std::int64_t least = 10;
  std::vector<CatalogueStatistics> catalogues;  // Those with enough installations.
};

// Groups that no two installations share, and all of them: merged as said above. Empty where all
// together are too few.
std::vector<StatisticsCell> MergeSmallGroups(std::vector<StatisticsCell> cells, std::int64_t least);

// For people; as JSON; and as CSV (RFC 4180) with the columns catalogue, what, place, value,
// installations, total, in which no spreadsheet finds a formula.
std::string StatisticsAsText(const Statistics& statistics);
std::string StatisticsAsJson(const Statistics& statistics);
std::string StatisticsAsCsv(const Statistics& statistics);

}  // namespace candor
