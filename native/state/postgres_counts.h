// The counts of all nodes, in PostgreSQL. See node_counts.h.
#pragma once

#include "native/state/node_counts.h"
#include "native/state/postgres_connection.h"

namespace candor {

// The epoch of the sum: there is one for each database.
inline constexpr char kSharedEpoch[] = "5ba7ed00000000000000000000000000";

Result<std::optional<std::int64_t>> ReadSeenConsent(PostgresConnection& connection,
                                                    const std::string& epoch);
Result<CounterTotals> ReadSum(PostgresConnection& connection);
Result<CounterTotals> ShareCounts(PostgresConnection& connection, const CounterTotals& mine,
                                  const Sharing& how);

}  // namespace candor
