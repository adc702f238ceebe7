// A bundle: one document with all that a report was made from, so that whoever has it makes the
// same bytes again, anywhere, and sees what went into them.
//
//   {
//     "candorBundle": 1,
//     "as": "grant",                what a yes would seal; or "now": what would be sealed now
//     "configuration": {...},       as ConfigJson prints it
//     "catalogue": {...},           the whole document
//     "profile": "",                of the catalogue
//     "consent": {...},             what the report rests on (core/consent.h), or null
//     "withheld": ["/product/version"],        besides what configuration and consent withhold
//     "hidden": ["/product/internals/license-key"],   taken out of the facts for who may not see it
//     "facts": {...},               core/facts.h
//     "report": {"digest": "<64 hexadecimal digits>", "bytes": 18434, "fromMs": 1, "toMs": 2}
//   }
// "hidden" and "report" may be left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/consent.h"
#include "core/facts.h"
#include "core/json_value.h"
#include "core/result.h"
#include "core/sink.h"

namespace candor {

struct BundledReport {
  std::string digest;
  std::int64_t bytes = 0;
  std::int64_t from_ms = 0, to_ms = 0;  // The period of its counts.
};

struct BundleParts {
  bool as_grant = false;
  const Config& config;
  const JsonValue& catalogue;
  const std::string& profile;
  const std::optional<ConsentRecord>& consent;
  const std::vector<std::string>& withheld;
  const std::vector<std::string>& hidden;
  const JsonValue& facts;
  const BundledReport& report;
};
std::string WriteBundle(const BundleParts& parts);

// What a report is made from, read out of a bundle.
struct Bundle {
  Config config;
  Catalogue catalogue;  // Narrowed to what may be in the report.
  Facts facts;
  std::optional<BundledReport> report;
};
// Every problem of every part at once, with its place in the bundle; `withheld` narrows it further.
// Errors: those of ReadJson, JsonMembers, ReadConfig, ParseCatalogue, SelectProfile, Withhold,
// ParseConsent and ParseFacts.
Result<Bundle> ReadBundle(std::string_view json, const std::vector<std::string>& withheld = {});

}  // namespace candor
