// Strict reading of JSON (RFC 8259): UTF-8 checked, duplicate keys refused, size and depth limited,
// number text kept, places kept. The only code that sees nlohmann/json.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

enum class DuplicateKeys { kRefuse, kAccept };

struct JsonLimits {
  std::size_t max_bytes = std::size_t{64} << 20;
  std::size_t max_depth = 100;
  // RFC 8259 only says that names SHOULD be unique; Candor's own documents must have them so.
  DuplicateKeys duplicate_keys = DuplicateKeys::kRefuse;
};

// Reads one document. Refuses a byte order mark, comments, trailing commas, lone surrogates,
// numbers beyond the range of a double, and anything after the document. A duplicate key is
// reported with the pointer of the second one; all duplicates of a document are reported together.
// Errors: kMalformedJson, kNotUtf8, kDuplicateKey, kOverLimit.
Result<JsonValue> ReadJson(std::string_view text, const JsonLimits& limits = {});

// The same without ScanJson, which tests hold it against.
Result<JsonValue> ReadJsonCarefully(std::string_view text, const JsonLimits& limits = {});

}  // namespace candor
