// Consent: what somebody decided, about exactly which fields, and what has changed since.
#pragma once

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
  std::string through;                // "page", "command", "rest", "configuration".
  std::string report_digest;          // SHA-256 of the report that was shown, "" when none was.
};

// The record that granting (or denying) now would append.
ConsentRecord MakeConsent(Verdict verdict, const Catalogue& catalogue,
                          std::vector<std::string> withheld);

Result<ConsentRecord> ParseConsent(const JsonValue& document);
void WriteConsent(const ConsentRecord& record, JsonWriter& writer);

// What may be sent under the record: of `catalogue`, exactly the entries the record covers, without
// the withheld ones. Nothing at all (no fields) under a denial.
Catalogue CoveredBy(const ConsentRecord& record, const Catalogue& catalogue);

struct ConsentDrift {
  bool asks_again = false;             // Something is not covered yet.
  std::vector<std::string> uncovered;  // Scope ids that are new or changed since.
  std::vector<std::string> gone;       // Scope ids that were covered and no longer exist.
};
// What changed since the record was made. Empty when the scope digests agree.
ConsentDrift DriftSince(const ConsentRecord& record, const Catalogue& catalogue);

}  // namespace candor
