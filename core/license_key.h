// Licence keys: from the raw text to structured fields. The signature is never kept.
//
// A key is "<signature>;<body>". Two bodies are known:
//   legacy   "<customer>;<yyyy-MM-dd|unlimited>"                         (type OPTIMIZE)
//   unified  "customer = X;expiryDate = Y;name = value;...;"             (type UNIFIED)
// Facts: reference camunda7 section 3, camunda8 section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace candor {

struct LicenseKey {
  std::string customer;
  std::string type;                        // "OPTIMIZE" or "UNIFIED".
  std::optional<std::string> valid_until;  // yyyy-MM-dd; nothing when unlimited.
  bool unlimited = false;
  // The properties of a unified body apart from customer and expiryDate, in their order.
  std::vector<std::pair<std::string, std::string>> features;
  std::string raw;  // The body alone.
};

inline constexpr std::size_t kMaxLicenseBytes = 64 * 1024;

// Accepts a signed key, or a body that stands alone (as facts may already hold one). White space
// around the text and line breaks inside the signature are ignored.
// Errors: kMalformedLicense when no body is recognised (so nothing of the text may be reported),
// kNotUtf8, kOverLimit. Messages never quote the text.
Result<LicenseKey> ParseLicenseKey(std::string_view text);

}  // namespace candor
