// Consent: what somebody decided, about exactly which fields, and what has changed since.
//
// A record as a document; only `reportDigest` may be left out:
//   {
//     "verdict": "granted",                        or "denied"
//     "catalogue": "engine",
//     "scopeDigest": "<64 hexadecimal digits>",    of `scope`
//     "scope": [ {"id": "/installation", "detail": "uuid; product-improvement"} ],   sorted by id
//     "withheld": [ "/product/version" ],
//     "who": "ada", "whenMs": 1712228731639, "through": "page",
//     "reportDigest": "<64 hexadecimal digits>"    or "" when no report was shown
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/catalogue_diff.h"
#include "core/json_value.h"
#include "core/json_writer.h"
#include "core/result.h"
#include "core/scope.h"

namespace candor {

enum class Verdict : std::uint8_t { kGranted, kDenied };

// One entry of the consent log. Never changed once written.
struct ConsentRecord {
  Verdict verdict = Verdict::kDenied;
  std::string catalogue;              // Name of the catalogue it was given for.
  std::string scope_digest;           // ScopeDigest of the catalogue as it was shown.
  std::vector<ScopeEntry> scope;      // The entries themselves: they keep being covered.
  std::vector<std::string> withheld;  // Scope ids that were held back.
  std::string who;                    // A user's name, or "configuration".
  std::int64_t when_ms = 0;           // Unix milliseconds.
  std::string through;                // "page", "command", "rest", "configuration", "host".
  std::string report_digest;          // SHA-256 of the report that was shown, "" when none was.
};

inline constexpr std::size_t kMaxScopeEntries = 10'000;
inline constexpr std::size_t kMaxWithheldIds = 1'000;
inline constexpr std::size_t kMaxConsentTextBytes = 1024;

// The record that granting (or denying) now would append; who, when, through what and which report
// was shown are the caller's to fill in. `withheld` is sorted, each id once. Whether its ids may be
// withheld is for Withhold to say beforehand.
ConsentRecord MakeConsent(Verdict verdict, const Catalogue& catalogue,
                          std::vector<std::string> withheld);

// Strict, every problem at once; `where` is the pointer of `document` in its text. A record whose
// scope is not what its digest says is refused (kConflict): what is unreadable means no.
// Errors: kWrongType, kUnknownKey, kMissing, kOverLimit, kOutOfRange (also for text that is empty
// or has control characters), kConflict (also for an id withheld twice).
Result<ConsentRecord> ParseConsent(const JsonValue& document, const std::string& where = "");
void WriteConsent(const ConsentRecord& record, JsonWriter& writer);

// What may be sent under the record: of `catalogue`, exactly the entries the record covers, without
// the withheld ones; fixed fields stay, as they say nothing. Nothing at all (no fields) under a
// denial, for another catalogue, or when something was withheld that may not be withheld any
// longer: no report can be made without it.
Catalogue CoveredBy(const ConsentRecord& record, const Catalogue& catalogue);

// What of the offered catalogue may be sent: what the consent covers, or, as long as nobody decided
// or somebody said no, all that a yes would cover.
Catalogue AgreedCatalogue(const Catalogue& offered, const std::optional<ConsentRecord>& consent);

struct ConsentDrift {
  // Something is not covered yet. Never after a denial: a no is not asked about again.
  bool asks_again = false;
  std::vector<std::string> uncovered;  // Scope ids that are new or changed since.
  std::vector<std::string> gone;       // Scope ids that were covered and no longer exist.
};
// What changed since the record was made; what is coarser or serves less is still covered (Covers
// in core/scope.h). What is new beneath something withheld is withheld, too, and no reason to ask.
// Empty when the scope digests agree.
ConsentDrift DriftSince(const ConsentRecord& record, const Catalogue& catalogue);

}  // namespace candor
