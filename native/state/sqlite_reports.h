// The rows of the reports.
//
// Errors: kUnavailable, kCorrupt (a row, or bytes, that are not what was written).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/state/sqlite_database.h"
#include "native/state/state.h"

namespace candor {

struct KeptReport {
  std::int64_t number = 0;
  bool has_bytes = false;
  SealedReport report;  // With its bytes, whose digest was checked, if it has any.
};
// The numbers of all that can be found, also in a damaged table; only then out of order.
Result<std::vector<std::int64_t>> ReportNumbers(Database& database);
// kCorrupt when its row or its bytes are damaged. In the first case `without_bytes` is untouched,
// in the second it gets the rest.
Result<KeptReport> ReadReportAt(Database& database, std::int64_t number,
                                KeptReport* without_bytes = nullptr);
// Nothing when there is none of this id.
Result<std::optional<KeptReport>> FindReport(Database& database, const std::string& id,
                                             KeptReport* without_bytes = nullptr);
// Newest first, without bytes.
Result<std::vector<SealedReport>> ReadReports(Database& database, std::size_t most);
// Inserts it, or replaces the one of its number; its bytes as they are in `report`.
std::optional<Error> WriteReport(Database& database, std::int64_t number,
                                 const SealedReport& report);
std::optional<Error> InsertReport(Database& database, const SealedReport& report);
// The record alone, with or without the bytes that are there.
enum class Bytes { kKeep, kDrop };
std::optional<Error> UpdateRecord(Database& database, std::int64_t number,
                                  const SealedReport& report, Bytes bytes);
// Those of settled reports beyond the newest `most` or beyond `most_bytes` lose their bytes.
std::optional<Error> DropOldBytes(Database& database, std::size_t most, std::size_t most_bytes);
// A damaged report loses its row.
std::optional<Error> DropAllBytes(Database& database);
std::optional<Error> RemoveReport(Database& database, const std::string& id);

}  // namespace candor
