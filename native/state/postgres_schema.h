// The tables of the state in PostgreSQL.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "native/state/postgres_connection.h"

namespace candor {

// The channel on which every change is notified.
inline constexpr char kPostgresChannel[] = "candor_state";

// What makes the tables, for an administrator who makes them by hand: SELECT, INSERT and UPDATE on
// them is all that the nodes then need.
std::string PostgresSchema();

// Makes the tables where there are none. Errors: kOutOfRange (made by a later version), kConflict
// (the state was moved elsewhere), kUnavailable.
std::optional<Error> PreparePostgres(PostgresConnection& connection);

}  // namespace candor
