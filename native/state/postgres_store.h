// The state store in PostgreSQL, for several nodes of one installation.
#pragma once

#include <memory>
#include <string>

#include "native/state/state_store.h"

namespace candor {

// `conninfo` is a connection string or URL of libpq; what it leaves out comes from the PG*
// variables. It must not hold a password (kBadRequest). The tables are made where they are missing
// and the role may; SELECT, INSERT and UPDATE on them is all that is needed afterwards.
//
// All nodes go by the database's clock. No call waits for the database for longer than 5 s, or than
// Hurry says; only looking its name up is libpq's, and the resolver's. A child made by fork() gets
// a connection of its own. What is wiped is gone from the tables; PostgreSQL itself keeps old
// versions of rows until it vacuums, and in its log and its backups.
//
// Nothing is asked yet. Errors: kBadRequest; of the first call: kUnavailable, kOutOfRange (made by
// a later version), kConflict (the state was moved elsewhere).
Result<std::unique_ptr<StateStore>> OpenPostgresStore(const std::string& conninfo);

}  // namespace candor
