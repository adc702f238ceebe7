// The tables of the state in PostgreSQL.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace candor {

class PostgresConnection;

// The channel on which every change is notified.
inline constexpr char kPostgresChannel[] = "candor_state";

// What makes the tables, for an administrator who makes them by hand: SELECT, INSERT and UPDATE on
// them is all that the nodes then need.
std::string PostgresSchema();

// Makes the tables where there are none. Errors: kOutOfRange (made by a later version), kConflict
// (the state was moved elsewhere), kUnavailable.
std::optional<Error> PreparePostgres(PostgresConnection& connection);

// The same, also for a state that was moved elsewhere.
std::optional<Error> PreparePostgresToMove(PostgresConnection& connection);

// `moved_to` of the state begins so from before it leaves until it is known to have arrived.
inline constexpr char kLeaving[] = "(unfinished) ";
// kConflict unless `moved_to` is "". Nodes that were connected all along meet it, too: whatever
// reads or writes the state asks.
std::optional<Error> CheckNotMoved(const std::string& moved_to);

}  // namespace candor
