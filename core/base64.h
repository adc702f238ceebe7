// Base64 (RFC 4648 section 4), with padding.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace candor {

std::string Base64(std::span<const std::uint8_t> bytes);

// What `text` stands for; nothing when Base64 would have written it in another way, or not at all.
// For what everybody may see; secrets have native/base/secrets.h.
std::optional<std::string> BytesOfBase64(std::string_view text);

}  // namespace candor
