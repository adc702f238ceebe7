#include "native/admin/accounts/audit.h"

#include <optional>
#include <utility>

#include "core/journal.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace candor {
namespace {

// Names from a proxy may be long, and hold anything.
constexpr std::size_t kMostTextBytes = 256;

void Nested(JsonWriter& writer, std::string_view key, const std::string& json) {
  writer.Key(key);
  const Result<JsonValue> value = json.empty() ? JsonValue() : ReadJson(json);
  if (value.ok()) {
    writer.Value(value.value());
  } else {
    writer.Null();
  }
}

std::string Body(const AuditNote& note) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("who");
    writer.String(Quotable(note.actor.who, kMostTextBytes));
    writer.Key("from");
    writer.String(Quotable(note.actor.from, kMostTextBytes));
    Nested(writer, "old", note.old_json);
    Nested(writer, "new", note.new_json);
  });
}

AuditEntry EntryOf(Statement& row) {
  AuditEntry entry;
  entry.seq = row.Integer(0);
  entry.at_ms = row.Integer(1);
  entry.what = row.Text(2);
  entry.body = row.Text(3);
  entry.hash = row.Text(4);
  return entry;
}

struct Head {
  std::int64_t seq = 0;
  std::string hash;
};

std::optional<Error> ReadHead(Database& database, Head& head) {
  Statement read(database, "SELECT audit_seq, audit_hash FROM store WHERE id = 1",
                 "read the audit");
  if (read.Row()) head = {read.Integer(0), read.Text(1)};
  return read.error();
}

Error Broken(const Database& database, std::string how) {
  return {ErrorCode::kCorrupt, "", "the audit " + std::move(how), {}, database.path()};
}

std::optional<Error> Verify(Database& database, std::int64_t& count) {
  Head head;
  if (auto error = ReadHead(database, head)) return error;
  Statement rows(database, "SELECT seq, at_ms, kind, body, hash FROM audit ORDER BY seq",
                 "read the audit");
  JournalEntry before;
  while (rows.Row()) {
    const AuditEntry row = EntryOf(rows);
    const JournalEntry entry{row.seq, row.at_ms, row.what, row.body, row.hash};
    if (!IsLinked(count == 0 ? nullptr : &before, entry)) {
      return Broken(database, "was changed at or before entry " + Decimal(row.seq));
    }
    before = entry;
    ++count;
  }
  if (auto error = rows.error()) return error;
  if (count != head.seq || before.hash != head.hash) {
    return Broken(database, "ends at " + Decimal(count) + " and not at " + Decimal(head.seq));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> AppendAudit(const AdminTables& tables, UnixMillis at, const AuditNote& note) {
  Head head;
  if (auto error = ReadHead(tables.database, head)) return error;
  Result<JournalEntry> next = NextEntry(head.seq, head.hash, at, note.what, Body(note));
  if (!next.ok()) return next.error();
  const JournalEntry& entry = next.value();
  if (auto error =
          Statement(tables.database, "INSERT INTO audit VALUES(?, ?, ?, ?, ?)", "write the audit")
              .Bind(entry.seq)
              .Bind(entry.at_ms)
              .Bind(entry.kind)
              .Bind(entry.body)
              .Bind(entry.hash)
              .Run()) {
    return error;
  }
  return Statement(tables.database, "UPDATE store SET audit_seq = ?, audit_hash = ? WHERE id = 1",
                   "write the audit")
      .Bind(entry.seq)
      .Bind(entry.hash)
      .Run();
}

Result<std::vector<AuditEntry>> ListAudit(AdminDatabase& database, std::size_t most) {
  std::vector<AuditEntry> entries;
  const auto error = database.Read([&](const AdminTables& tables) {
    entries.clear();
    Statement rows(tables.database,
                   "SELECT seq, at_ms, kind, body, hash FROM audit ORDER BY seq DESC LIMIT ?",
                   "read the audit");
    rows.Bind(static_cast<std::int64_t>(most));
    while (rows.Row()) entries.push_back(EntryOf(rows));
    return rows.error();
  });
  if (error) return *error;
  return entries;
}

Result<std::int64_t> VerifyAudit(AdminDatabase& database) {
  std::int64_t count = 0;
  const auto error = database.Read([&](const AdminTables& tables) {
    count = 0;
    return Verify(tables.database, count);
  });
  if (error) return *error;
  return count;
}

std::string AuditJson(const std::vector<AuditEntry>& entries) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("entries");
    writer.BeginArray();
    for (const AuditEntry& entry : entries) {
      const Result<JsonValue> body = ReadJson(entry.body);
      const auto member = [&](std::string_view key) {
        const JsonValue* value = body.ok() ? body.value().Find(key) : nullptr;
        writer.Key(key);
        writer.Value(value == nullptr ? JsonValue() : *value);
      };
      writer.BeginObject();
      writer.Key("seq");
      writer.Integer(entry.seq);
      writer.Key("atMs");
      writer.Integer(entry.at_ms);
      member("who");
      writer.Key("what");
      writer.String(entry.what);
      member("old");
      member("new");
      member("from");
      writer.EndObject();
    }
    writer.EndArray();
  });
}

std::string NoteJson(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  return JsonObject([&](JsonWriter& writer) {
    for (const auto& [key, text] : texts) {
      writer.Key(key);
      writer.String(Quotable(text, kMostTextBytes));
    }
  });
}

}  // namespace candor
