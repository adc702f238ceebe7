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
// In a transaction of the caller's.
std::optional<Error> PutCounts(PostgresConnection& connection, const CounterTotals& mine,
                               const Sharing& how);
// What the node shared stays in the sum; should its file share again, it is a new node's. In a
// transaction of the caller's.
std::optional<Error> ForgetNode(PostgresConnection& connection, const std::string& epoch);
// A node that has shared this under the consent entry, long ago; names sorted. In a transaction of
// the caller's.
struct NodeRow;
std::optional<Error> WriteNode(PostgresConnection& connection, const NodeRow& node,
                               std::int64_t consent_seq);

Result<CounterTotals> ShareCounts(PostgresConnection& connection, const CounterTotals& mine,
                                  const Sharing& how);

}  // namespace candor
