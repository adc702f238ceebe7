#include "core/journal.h"

#include <algorithm>
#include <utility>

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/sha256.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxKindBytes = 64;
constexpr std::size_t kDigestBytes = 64;

// A line feed in a kind would let text move between kind and body under the same hash.
bool IsKind(std::string_view kind) {
  return !kind.empty() && kind.size() <= kMaxKindBytes &&
         std::all_of(kind.begin(), kind.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::int64_t ReadInteger(JsonMembers& members, std::string_view key) {
  std::int64_t number = 0;
  const JsonValue* member = members.Get(key, JsonKind::kNumber, Need::kRequired);
  if (member != nullptr && !member->AsInteger(&number)) {
    members.Fail(ErrorCode::kOutOfRange, key, "must be an integer within +-(2^53-1)");
  }
  return number;
}

JournalEntry ReadEntry(JsonMembers& members) {
  JournalEntry entry;
  entry.seq = ReadInteger(members, "seq");
  entry.at_ms = ReadInteger(members, "atMs");
  entry.kind = members.Text("kind", kMaxKindBytes, Need::kRequired);
  if (!entry.kind.empty() && !IsKind(entry.kind)) {
    members.Fail(ErrorCode::kOutOfRange, "kind", "must be a word of lower-case letters");
  }
  const JsonValue* body = members.Get("body", JsonKind::kObject, Need::kRequired);
  if (body != nullptr) entry.body = WriteJson(*body);
  entry.hash = members.Text("hash", kDigestBytes, Need::kRequired);
  members.Finish();
  return entry;
}

// Each entry against the one before as it stands, so that every break of the chain is named once.
void CheckLink(const JournalEntry& entry, std::size_t index, std::string_view previous,
               JsonMembers& members) {
  if (entry.seq != static_cast<std::int64_t>(index) + 1) {
    members.Fail(ErrorCode::kConflict, "seq",
                 "must be " + Decimal(static_cast<std::int64_t>(index) + 1) +
                     ": entries are numbered from 1 without gaps");
  } else if (entry.hash != JournalHash(previous, entry)) {
    members.Fail(ErrorCode::kConflict, "hash",
                 "is not the hash of this entry after the one before: one of the two was changed");
  }
}

std::vector<JournalEntry> ReadEntries(const JsonValue& list, Problems& problems) {
  std::vector<JournalEntry> entries;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    Problems of_entry;
    JsonMembers members(list.items()[i], ItemPointer("/entries", i), of_entry);
    JournalEntry entry = ReadEntry(members);
    if (of_entry.empty()) {
      CheckLink(entry, i, entries.empty() ? std::string_view() : entries.back().hash, members);
    }
    problems.AddAll(std::move(of_entry));
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

std::string JournalHash(std::string_view previous, const JournalEntry& entry) {
  const std::string first(kDigestBytes, '0');
  Sha256Sink hash;
  hash.Write(previous.empty() ? first : previous);
  for (const std::string& part : {Decimal(entry.seq), Decimal(entry.at_ms)}) {
    hash.Write("\n");
    hash.Write(part);
  }
  hash.Write("\n");
  hash.Write(entry.kind);
  hash.Write("\n");
  hash.Write(entry.body);
  return hash.FinishHex();
}

bool IsLinked(const JournalEntry* before, const JournalEntry& entry) {
  const std::int64_t seq = before == nullptr ? 1 : before->seq + 1;
  return entry.seq == seq && IsKind(entry.kind) &&
         entry.hash == JournalHash(before == nullptr ? std::string_view() : before->hash, entry);
}

std::size_t CountLinked(const std::vector<JournalEntry>& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!IsLinked(i == 0 ? nullptr : &entries[i - 1], entries[i])) return i;
  }
  return entries.size();
}

Result<JournalEntry> NextEntry(std::int64_t last_seq, std::string_view last_hash,
                               std::int64_t at_ms, std::string kind, std::string_view body) {
  if (!IsKind(kind)) {
    return Error{ErrorCode::kOutOfRange, "/kind", "must be a word of lower-case letters"};
  }
  if (at_ms < -kMaxSafeInteger || at_ms > kMaxSafeInteger) {
    return Error{ErrorCode::kOutOfRange, "/atMs", "must be within +-(2^53-1)"};
  }
  Result<JsonValue> read = ReadJson(body);
  if (!read.ok()) return std::move(read).problems();
  if (!read.value().is_object()) {
    return Error{ErrorCode::kWrongType, "/body", "must be a JSON object"};
  }
  JournalEntry entry{last_seq + 1, at_ms, std::move(kind), WriteJson(read.value()), {}};
  entry.hash = JournalHash(last_hash, entry);
  return entry;
}

void WriteHistory(const std::vector<JournalEntry>& entries, Sink& sink) {
  JsonWriter writer(sink);
  writer.BeginObject();
  writer.Key("candorHistory");
  writer.Integer(1);
  writer.Key("entries");
  writer.BeginArray();
  for (const JournalEntry& entry : entries) {
    writer.BeginObject();
    writer.Key("seq");
    writer.Integer(entry.seq);
    writer.Key("atMs");
    writer.Integer(entry.at_ms);
    writer.Key("kind");
    writer.String(entry.kind);
    writer.Key("body");
    const Result<JsonValue> body = ReadJson(entry.body);
    if (body.ok()) {
      writer.Value(body.value());
    } else {
      writer.Null();
    }
    writer.Key("hash");
    writer.String(entry.hash);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  writer.Finish();
}

Result<std::vector<JournalEntry>> ReadHistory(std::string_view json) {
  const Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return document.problems();
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  const JsonValue* version = members.Get("candorHistory", JsonKind::kNumber, Need::kRequired);
  std::int64_t number = 0;
  if (version != nullptr && (!version->AsInteger(&number) || number != 1)) {
    members.Fail(ErrorCode::kOutOfRange, "candorHistory",
                 "must be 1, the only form of a history that is known here");
  }
  const JsonValue* list = members.Get("entries", JsonKind::kArray, Need::kRequired);
  std::vector<JournalEntry> entries;
  if (list != nullptr) entries = ReadEntries(*list, problems);
  members.Finish();
  if (!problems.empty()) return problems;
  return entries;
}

}  // namespace candor
