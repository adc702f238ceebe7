// The journal: a hash-chained log of every decision and of every report's fate. Whoever has a copy
// can check, without the network, that nothing was changed, taken out or put in before its end.
//
// An entry's hash is the SHA-256 (hexadecimal) of
//   <hash of the entry before, or 64 zeros> LF <seq> LF <at_ms> LF <kind> LF <body>
// `body` is a JSON object of the kind's own shape, as JsonWriter prints it.
//
// The export, what `candor history export` writes and the page reads:
//   {
//     "candorHistory": 1,
//     "entries": [ {"seq": 1, "atMs": 1712228731639, "kind": "installation", "body": {...},
//                   "hash": "..."} ]
//   }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/sink.h"

namespace candor {

// Kinds, and what their bodies hold:
//   installation  {"id"}                      the id was created
//   consent       a ConsentRecord             somebody decided (core/consent.h)
//   sealed        {"report", "kind", "digest", "bytes", "catalogue", "scopeDigest", "fromMs",
//                  "toMs", "consentSeq", "withheld"}
//   attempted     {"report"}                  the first attempt began
//   accepted      {"report", "status", "receipt"}      status 0: the receipt came by hand
//   rejected      {"report", "status", "countsReturn"}
//   dissolved     {"report", "why"}           never left; its counts return
//   withdrawn     {"report", "why", "mayHaveArrived"}   taken back for good, counts and all
//   keys          {"from", "keys"}            public keys that the service signs with, as it
//                 published them to `from` ("" for a file that was brought); core/receipt.h
//   receipt       {"report", "digest", "receipt"}      brought back by hand, for a report whose
//   fate
//                 was settled before; `report` is "" when it was downloaded, and never sealed
//   erased        {"reports", "who"}          the service deleted so many, as somebody asked for
//   restarted     {"why"}                     what was counted before is dropped
//   recovered     {"why", "setAside", "lost"}      a damaged store was replaced; `setAside` is
//                 where it was put ("" when only a report was dropped), `lost` a list of what could
//                 not be kept: "state", "changes" (the last ones), "consent", "journal",
//                 "reports", "facts", "report <id>"
struct JournalEntry {
  std::int64_t seq = 0;  // From 1, without gaps.
  std::int64_t at_ms = 0;
  std::string kind;  // Lower-case letters.
  std::string body;  // JSON text.
  std::string hash;  // 64 hexadecimal digits.
  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

// The hash that `entry` must have after an entry of hash `previous` ("" for the first).
std::string JournalHash(std::string_view previous, const JournalEntry& entry);

// Whether `entry` follows from the one before (nullptr for the first).
bool IsLinked(const JournalEntry* before, const JournalEntry& entry);

// The entry that follows the last one; 0 and "" for the first. `body` is any JSON object; the entry
// holds it as JsonWriter prints it. Errors: those of ReadJson, kWrongType (no object), kOutOfRange
// (the kind, or a time beyond 2^53-1).
Result<JournalEntry> NextEntry(std::int64_t last_seq, std::string_view last_hash,
                               std::int64_t at_ms, std::string kind, std::string_view body);

// How far a chain holds: the number of good entries from the first on. All of them when it is
// whole.
std::size_t CountLinked(const std::vector<JournalEntry>& entries);

// REQUIRES: entries as NextEntry or ReadHistory made them.
void WriteHistory(const std::vector<JournalEntry>& entries, Sink& sink);
// Reads an export and checks its chain; every problem at once.
// Errors: those of ReadJson, kUnknownKey, kMissing, kWrongType, kOutOfRange, kConflict (an entry
// that does not follow from the one before).
Result<std::vector<JournalEntry>> ReadHistory(std::string_view json);

}  // namespace candor
