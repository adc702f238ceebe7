// The rows of the tables, each with a sum over all that it holds: SQLite sees damage to its own
// structure, and none to what is stored.
//
// Errors everywhere: kUnavailable, kCorrupt (a row that is not what was written).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/journal.h"
#include "core/result.h"
#include "native/state/change.h"
#include "native/state/sqlite_database.h"
#include "native/state/state.h"

namespace candor {

struct StateRow {
  std::int64_t revision = 0;
  JournalHead head;      // Of the journal: entries cannot vanish from its end unseen.
  std::string document;  // WriteStoredState.
};

// It is kept twice.
inline constexpr std::string_view kStateTables[] = {"state", "state_copy"};
Result<StateRow> ReadStateFrom(Database& database, std::string_view table);
// From the first that is whole.
Result<StateRow> ReadState(Database& database);
std::optional<Error> WriteState(Database& database, const StateRow& row);

// All columns but the sum; of `bytes` only whether there are any, as the record has their digest.
struct ReportRow {
  std::int64_t number = 0;
  std::string id;
  bool settled = false;
  bool has_bytes = false;
  std::string record;
};
// The record, for a row that is whole.
Result<SealedReport> ReportOf(const ReportRow& row, std::string_view sum, const std::string& path);

struct StoredReport {
  std::int64_t number = 0;
  bool has_bytes = false;
  SealedReport report;  // With its bytes, whose digest was checked, if it has any.
};
// Nothing when there is none of this id.
Result<std::optional<StoredReport>> FindReport(Database& database, const std::string& id);
// Newest first, without bytes.
Result<std::vector<SealedReport>> ReadReports(Database& database, std::size_t most);
// Inserts it, or replaces the one of its number; its bytes as they are in `report`.
std::optional<Error> WriteReport(Database& database, std::int64_t number,
                                 const SealedReport& report);
std::optional<Error> InsertReport(Database& database, const SealedReport& report);
// The record alone, with or without the bytes that are there.
enum class Bytes { kKeep, kDrop };
std::optional<Error> UpdateRecord(Database& database, std::int64_t number,
                                  const SealedReport& report, Bytes bytes);
// Those of settled reports beyond the newest `most` or beyond `most_bytes` lose their bytes.
std::optional<Error> DropOldBytes(Database& database, std::size_t most, std::size_t most_bytes);
std::optional<Error> DropAllBytes(Database& database);

// The last entry. kCorrupt when it does not follow from the one before.
Result<JournalHead> ReadHead(Database& database);
Result<std::vector<JournalEntry>> ReadEntries(Database& database, std::int64_t after,
                                              std::size_t most);
std::optional<Error> AppendEntries(Database& database, const std::vector<JournalEntry>& entries);

// "" for none.
Result<std::string> ReadFactsRow(Database& database);
std::optional<Error> WriteFactsRow(Database& database, const std::string& document);

}  // namespace candor
