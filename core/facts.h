// Facts: all that a report is made from, besides the configuration. The only place where times and
// ids come in. The document:
//   {
//     "values": { ... },                  what is known, in the report's own shape
//     "licenseKey": "signature;body",     as it was issued; the signature is dropped here
//     "collectedAt": 1712228731639,       Unix milliseconds: tsFrom of counted and scraped points
//     "usage": [ {"release": "r", "component": "operate", "key": "process-instances",
//                 "value": 0, "tsFrom": 1, "tsTo": 2} ],
//     "scrapes": [ {"release": "r", "component": "operate", "exposition": "text"} ]
//   }
// All keys are optional. `release` may be left out when the component stands in one release only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

struct UsageFact {
  std::string release, component, key;
  std::int64_t value = 0;
  std::int64_t ts_from = 0, ts_to = 0;  // Unix milliseconds.
  std::string where;                    // Pointer of the entry, for problems.
  Position at = {};
};

struct Scrape {
  std::string release, component;  // Component id as configured or as reported.
  std::string_view exposition;     // Prometheus text 0.0.4 or OpenMetrics 1.0, unread; borrowed.
  std::string name;                // For problems: the file, or the facts document.
};

// Movable, not copyable: views point into its own document.
struct Facts {
  std::unique_ptr<const JsonValue> document;
  const JsonValue* values = nullptr;  // An object, or nullptr when not given.
  std::optional<std::string> license_key;
  std::optional<std::int64_t> collected_at;
  std::vector<UsageFact> usage;
  std::vector<Scrape> scrapes;
};

// Errors: those of ReadJson, kWrongType, kUnknownKey, kMissing, kOutOfRange.
Result<Facts> ParseFacts(std::string_view json);
// The same of a document that is read already.
Result<Facts> ParseFacts(JsonValue document);

}  // namespace candor
