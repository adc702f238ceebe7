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
void VisitPostgresReports(const std::string& conninfo, const VisitBytes& visit);

}  // namespace candor
