#include "native/state/sqlite_journal.h"

#include <optional>
#include <utility>

#include "native/state/row_sum.h"

namespace candor {

Result<std::vector<JournalEntry>> ReadEntries(Database& database, std::int64_t after,
                                              std::size_t most) {
  Statement select(database,
                   "SELECT seq, at_ms, kind, body, hash FROM journal WHERE seq > ?"
                   " ORDER BY seq LIMIT ?",
                   "read the journal");
  select.Bind(after).Bind(static_cast<std::int64_t>(most));
  std::vector<JournalEntry> entries;
  while (select.Row()) {
    entries.push_back(
        {select.Integer(0), select.Integer(1), select.Text(2), select.Text(3), select.Text(4)});
  }
  if (select.error()) return *select.error();
  return entries;
}

Result<JournalHead> ReadHead(Database& database) {
  std::int64_t last = 0;
  {
    Statement select(database, "SELECT coalesce(max(seq), 0) FROM journal", "read the journal");
    if (select.Row()) last = select.Integer(0);
    if (select.error()) return *select.error();
  }
  if (last == 0) return JournalHead();
  const Result<std::vector<JournalEntry>> read = ReadEntries(database, last - 2, 3);
  if (!read.ok()) return read.problems();
  const std::vector<JournalEntry>& entries = read.value();
  const JournalEntry* before = entries.size() > 1 ? &entries[entries.size() - 2] : nullptr;
  if (entries.empty() || !IsLinked(before, entries.back())) {
    return DamagedRow(database, "the journal");
  }
  return JournalHead{last, entries.back().hash};
}

Result<bool> ForEachLinked(Database& database, const std::function<void(JournalEntry)>& visit) {
  // One at a time: what lies before a damaged page must not be lost with it.
  std::optional<JournalEntry> before;
  Statement select(database, "SELECT seq, at_ms, kind, body, hash FROM journal ORDER BY seq",
                   "read the journal");
  while (select.Row()) {
    JournalEntry entry{select.Integer(0), select.Integer(1), select.Text(2), select.Text(3),
                       select.Text(4)};
    if (select.error()) break;
    if (!IsLinked(before ? &*before : nullptr, entry)) return false;
    visit(entry);
    before = std::move(entry);
  }
  if (!select.error()) return true;
  if (select.error()->code != ErrorCode::kCorrupt) return *select.error();
  return false;
}

std::optional<Error> AppendEntries(Database& database, const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    Statement insert(database,
                     "INSERT INTO journal(seq, at_ms, kind, body, hash) VALUES(?, ?, ?, ?, ?)",
                     "write the journal");
    insert.Bind(entry.seq).Bind(entry.at_ms).Bind(entry.kind).Bind(entry.body).Bind(entry.hash);
    if (auto error = insert.Run()) return error;
  }
  return std::nullopt;
}

}  // namespace candor
