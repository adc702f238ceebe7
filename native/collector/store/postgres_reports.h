// The tables of reports in PostgreSQL: one partition for each month (UTC) of arrival.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/result.h"
#include "core/time_text.h"
#include "native/collector/store/report_keys.h"
#include "native/state/postgres_connection.h"

namespace candor {

// Makes the tables, or brings those of an earlier version up to this one; beside other collectors
// that do the same. Errors: kOutOfRange (made by a later version, or in an encoding that cannot
// hold every report); kUnavailable.
std::optional<Error> PreparePostgresReports(PostgresConnection& connection);

// Makes the partitions of the month of `now` and of the one behind it, but for those in `made`.
// REQUIRES: no transaction is open. Errors: kUnavailable.
std::optional<Error> MakeMonths(PostgresConnection& connection, UnixMillis now,
                                std::set<std::string>& made);

// Drops the partitions of months that ended before `before` and are empty, also from `made`. One
// that somebody reads stays until the next time. Errors: kUnavailable.
std::optional<Error> DropMonths(PostgresConnection& connection, UnixMillis before,
                                std::set<std::string>& made);

}  // namespace candor
