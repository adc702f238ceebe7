// How an installation proves that reports are its own, to have the service delete them: reports
// carry the SHA-256 of a secret, and who asks for erasure tells the secret itself.
#pragma once

#include <string>
#include <string_view>

#include "core/sha256.h"

namespace candor {

inline constexpr std::string_view kErasurePlace = "/erasure";  // In every report that carries one.
inline constexpr std::string_view kErasurePath = "/v1/erasure";  // Of the service.

// 64 hexadecimal digits, as secrets and their hashes are.
inline bool IsErasureText(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
// Of the secret as it is written.
inline std::string ErasureHash(std::string_view secret) { return Sha256Hex(secret); }

}  // namespace candor
