// What statistics are made of, out of one report, as the store keeps it:
// {"numbers":{"/pointer":12},"texts":{"/pointer":["a","b"]}} without spaces.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace candor {

// By place: a JSON pointer into the report.
struct ReportValues {
  std::map<std::string, std::int64_t> numbers;  // Within +-(2^53-1).
  std::map<std::string, std::set<std::string>> texts;
};

// The same as views, in any order. A place has one number, and may have a text twice.
struct ReportValueViews {
  // Sorts them, and leaves each text of a place once.
  void Order();
  std::size_t size() const { return numbers.size() + texts.size(); }

  std::vector<std::pair<std::string_view, std::int64_t>> numbers;
  std::vector<std::pair<std::string_view, std::string_view>> texts;
};

std::string WriteReportValues(const ReportValues& values);
// REQUIRES: in order.
std::string WriteReportValues(const ReportValueViews& values);

// Errors: those of ReadJson; kCorrupt for what is not of that form.
Result<ReportValues> ReadReportValues(std::string_view json);

}  // namespace candor
