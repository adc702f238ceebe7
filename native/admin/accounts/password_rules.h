// What an account may be called, and what its password may be. No rules of composition: length is
// what counts (NIST SP 800-63B section 5.1.1.2).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

inline constexpr std::size_t kMostNameBytes = 64;
inline constexpr std::size_t kLeastPasswordBytes = 8;
inline constexpr std::size_t kMostPasswordBytes = 1024;

// 1 to 64 printable ASCII characters without ':' (which ends a name in "Authorization: Basic") and
// '/', and no space at either end. Problems at /name.
void CheckAccountName(std::string_view name, Problems& problems);
// Names that differ in case alone are one name.
std::string FoldedName(std::string_view name);

// 8 to 1024 bytes of UTF-8, not the name, not among the commonest. Problems at `where`.
void CheckPassword(std::string_view password, std::string_view name, const std::string& where,
                   Problems& problems);

// Whether it is among the few hundred that are tried first, case ignored.
bool IsCommonPassword(std::string_view password);

}  // namespace candor
