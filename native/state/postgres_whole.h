// All of a PostgreSQL state at once, without the counts of the nodes (postgres_counts.h).
#pragma once

#include <vector>

#include "core/result.h"
#include "native/state/moved_counts.h"
#include "native/state/postgres_connection.h"
#include "native/state/whole_state.h"

namespace candor {

// Also of a state that was moved elsewhere. A settled report whose bytes are damaged comes without
// them. Errors: kUnavailable, kCorrupt.
Result<WholeState> ReadPostgresWhole(PostgresConnection& connection);

// In one transaction, into a state that is empty (kConflict), as its next revision.
std::optional<Error> WritePostgresWhole(PostgresConnection& connection, const WholeState& whole,
                                        const std::vector<NodeRow>& nodes);

// `other`: the head of the journal at the other end.
Result<Standing> StandOfPostgres(PostgresConnection& connection, const JournalHead& other);

}  // namespace candor
