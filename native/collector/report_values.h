// What statistics are made of, out of one report, as the store keeps it:
// {"numbers":{"/pointer":12},"texts":{"/pointer":["a","b"]}} without spaces.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

// By place: a JSON pointer into the report.
struct ReportValues {
  std::map<std::string, std::int64_t> numbers;  // Within +-(2^53-1).
  std::map<std::string, std::set<std::string>> texts;
};

std::string WriteReportValues(const ReportValues& values);

// Errors: those of ReadJson; kCorrupt for what is not of that form.
Result<ReportValues> ReadReportValues(std::string_view json);

}  // namespace candor
