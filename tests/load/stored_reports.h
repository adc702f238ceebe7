// What a collector's store holds, read without the collector.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace candor {

using VisitBytes = std::function<void(std::string_view bytes)>;

// Visits the bytes of every report. Ends the program with a message where the store cannot be read
// or is damaged.
void VisitSqliteReports(const std::string& file, const VisitBytes& visit);
// The same for what a query selects, one column.
void VisitSqliteColumn(const std::string& file, const std::string& sql, const VisitBytes& visit);
void VisitPostgresReports(const std::string& conninfo, const VisitBytes& visit);

}  // namespace candor
