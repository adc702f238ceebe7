// Reading a snapshot and applying a change, as transactions on a PostgreSQL connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/state/change.h"
#include "native/state/postgres_connection.h"
#include "native/state/state_store.h"

namespace candor {

// Who holds the right to send: `holder` as of `fence`.
struct Lease {
  std::string holder;
  std::int64_t fence = 0;
};

struct PostgresAnswer {
  Snapshot snapshot;
  bool pending_is_damaged = false;  // Or missing: see GiveUpDamaged.
};
Result<PostgresAnswer> ReadPostgres(PostgresConnection& connection);

// With `lease`, only while it holds: kConflict otherwise. The new revision.
Result<std::int64_t> ApplyPostgres(PostgresConnection& connection, const StateChange& change,
                                   std::int64_t revision, const std::optional<Lease>& lease);

// Takes a pending report that is damaged or missing from the state, and says so in the journal.
// false when it is well, or gone meanwhile.
Result<bool> GiveUpDamaged(PostgresConnection& connection, UnixMillis at);

// Parts of a change, in a transaction of the caller's.
std::optional<Error> AppendPostgres(PostgresConnection& connection,
                                    const std::vector<JournalEntry>& entries);
std::optional<Error> WritePostgresState(PostgresConnection& connection, std::int64_t revision,
                                        const JournalHead& head, const std::string& document,
                                        const State& state);

Result<std::string> ReadPostgresFacts(PostgresConnection& connection);
Result<std::vector<SealedReport>> ListPostgresReports(PostgresConnection& connection,
                                                      std::size_t most);
Result<SealedReport> ReadPostgresReport(PostgresConnection& connection, const std::string& id);
Result<std::vector<JournalEntry>> ReadPostgresJournal(PostgresConnection& connection,
                                                      std::int64_t after, std::size_t most);

}  // namespace candor
