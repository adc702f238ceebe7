// The tables of reports.db, and the statement that adds to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time_text.h"
#include "native/collector/store/arrival.h"
#include "native/collector/store/report_keys.h"
#include "native/state/sqlite_database.h"

namespace candor {

// Makes the tables, or brings those of an earlier version up to this one, all at once.
// Errors: kOutOfRange (made by a later version); kUnavailable; kCorrupt.
std::optional<Error> PrepareReports(Database& database);

class AddReport {
 public:
  explicit AddReport(Database& database);
  // `key`: ReportKey, or "". `site`: SiteNumber. `id`: a given one, or 0.
  void Add(const Arrival& arrival, const std::string& key, std::int64_t site, UnixMillis arrived,
           std::int64_t id = 0);
  Statement& statement() { return add_; }

 private:
  Statement add_;
};

}  // namespace candor
