// Licence keys: from the raw text to structured fields. The signature is never kept.
//
// A key is "<signature>;<body>"; the signature is all before the first ';' and may be empty. Two
// bodies are known, both with or without a last ';':
//   legacy   "<customer>;<yyyy-MM-dd|unlimited>"                         (type OPTIMIZE)
//   unified  "customer = X;expiryDate = Y;name = value;...;"             (type UNIFIED)
// Facts: reference camunda7 section 3, camunda8 section 4.
//
// The real systems send what stands after the first ';', whatever it is, and the whole text when
// there is none. Here a body is reported only when all of it is understood; in doubt the key is
// unrecognised. So no part of a key that stands before the first ';' can appear in any field,
// unless the text is a body that stands alone, which must be unmistakable:
//   - a unified body that starts with its customer property, or
//   - a legacy body whose customer is several words that cannot be base64: no digit, '+', '/', '='
//     or '_', no long word, no capital letter within a longer word.
#pragma once

#include <cstddef>
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
  std::optional<std::string> valid_until;  // yyyy-MM-dd, a day that exists; none when unlimited.
  bool unlimited = false;
  // The properties of a unified body apart from customer and expiryDate, in their order. Names are
  // "[A-Za-z][A-Za-z0-9_.-]{0,63}", each once (ASCII case ignored); values are not empty.
  std::vector<std::pair<std::string, std::string>> features;
  std::string raw;  // The body alone, untouched but for white space around it.
};

inline constexpr std::size_t kMaxLicenseBytes = 64 * 1024;
inline constexpr std::size_t kMaxLicenseProperties = 100;
// So many base64 or hexadecimal characters in one part of a body, not counting words of less than
// eight and plain words, are taken for a signature that got there by mistake. A UUID has fewer.
inline constexpr std::size_t kShortestSignature = 32;

// Accepts a signed key, or a body that stands alone (as facts may already hold one). White space
// around the text, line breaks within the signature, and the lines "--- BEGIN ... LICENSE KEY ---"
// and "--- END ... LICENSE KEY ---" of an issued key are ignored.
// Errors: kMalformedLicense when no body is recognised (so nothing of the text may be reported):
// every problem of the body, with its line and column; kNotUtf8; kOverLimit. Messages never quote
// the text.
Result<LicenseKey> ParseLicenseKey(std::string_view text);

}  // namespace candor
