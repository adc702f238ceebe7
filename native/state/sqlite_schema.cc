#include "native/state/sqlite_schema.h"

#include <iterator>
#include <string>

#include "native/state/sqlite_rows.h"

namespace candor {
namespace {

// Each makes the version after it, counted from 1. Append only: files of every version are around.
//
// `state_copy` holds the same row as `state`, on a page of its own: whatever single page goes bad,
// the decision and the baselines survive.
constexpr const char* kMigrations[] = {
    "CREATE TABLE state("
    " id INTEGER PRIMARY KEY CHECK(id = 1), revision INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " head TEXT NOT NULL, document TEXT NOT NULL, sum TEXT NOT NULL) STRICT;"
    "CREATE TABLE state_copy("
    " id INTEGER PRIMARY KEY CHECK(id = 1), revision INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " head TEXT NOT NULL, document TEXT NOT NULL, sum TEXT NOT NULL) STRICT;"
    "CREATE TABLE journal("
    " seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,"
    " hash TEXT NOT NULL) STRICT;"
    // `settled`: its fate is final, so its bytes may go. `bytes` is NULL once they are gone.
    "CREATE TABLE reports("
    " number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, settled INTEGER NOT NULL,"
    " record TEXT NOT NULL, bytes BLOB, sum TEXT NOT NULL) STRICT;"
    "CREATE TABLE facts("
    " id INTEGER PRIMARY KEY CHECK(id = 1), document TEXT NOT NULL, sum TEXT NOT NULL) STRICT;",
};
constexpr std::int64_t kVersion = std::size(kMigrations);

struct Found {
  std::int64_t version = 0;
  bool has_tables = false;
  std::optional<Error> error;
};

Found Look(Database& database) {
  Found found;
  Statement version(database, "PRAGMA user_version", "read the state's version");
  if (version.Row()) found.version = version.Integer(0);
  Statement tables(database, "SELECT count(*) FROM sqlite_schema", "read the state's tables");
  if (tables.Row()) found.has_tables = tables.Integer(0) != 0;
  found.error = version.error() ? version.error() : tables.error();
  return found;
}

std::optional<Error> Check(const Database& database, const Found& found) {
  if (found.error) return found.error;
  if (found.version > kVersion) {
    return Error{ErrorCode::kOutOfRange,
                 "",
                 "was made by a later version of Candor (schema " + std::to_string(found.version) +
                     ", this one knows " + std::to_string(kVersion) + "): use that version",
                 {},
                 database.path()};
  }
  if (found.version < 0 || found.has_tables != (found.version > 0)) {
    return Error{ErrorCode::kCorrupt,
                 "",
                 "the schema version and the tables do not agree",
                 {},
                 database.path()};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> Migrate(Database& database) {
  Found found = Look(database);
  if (auto error = Check(database, found)) return error;
  if (auto error = database.UseLog("prepare the state's log")) return error;
  if (found.version == kVersion) return std::nullopt;

  Transaction transaction(database, Transaction::Kind::kWrite);
  if (transaction.error()) return transaction.error();
  // Again under the lock: another process may have done it meanwhile.
  found = Look(database);
  if (auto error = Check(database, found)) return error;
  for (std::int64_t version = found.version; version < kVersion; ++version) {
    if (auto error = database.Run(kMigrations[version], "make the state's tables")) return error;
  }
  if (found.version == 0) {
    StateRow first;
    first.document = WriteStoredState({});
    if (auto error = WriteState(database, first)) return error;
  }
  const std::string stamp = "PRAGMA user_version=" + std::to_string(kVersion);
  if (auto error = database.Run(stamp.c_str(), "mark the state's version")) return error;
  return transaction.Commit();
}

}  // namespace candor
