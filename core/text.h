// Small text tools that several readers share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace candor {

inline constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

// The offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no surrogates, no
// overlong forms, at most U+10FFFF), or npos.
std::size_t FindInvalidUtf8(std::string_view text);

std::string Hex(std::span<const std::uint8_t> bytes);

// Decimal digits of `value`. std::to_string would pull printf into the WebAssembly module.
std::string Decimal(std::int64_t value);

// Parses "-?[0-9]+" within +-(2^53-1); false otherwise.
bool ParseDecimal(std::string_view text, std::int64_t* out);

// The value of a JSON number (RFC 8259 section 6) that is an integer within +-(2^53-1), however it
// is spelled: "12", "-0", "1.50e1"; false otherwise. Exact: no floating point takes part.
bool ParseJsonInteger(std::string_view text, std::int64_t* out);

// The name among `known` that a typist most likely meant, or "" when none is near
// (optimal string alignment distance, at most a third of the word, case ignored).
std::string_view Nearest(std::string_view word, std::span<const std::string_view> known);

// `text` shortened to at most `max_bytes` on a UTF-8 boundary with "..." when cut, control
// characters and invalid bytes replaced by '?': for quoting input in messages.
std::string Quotable(std::string_view text, std::size_t max_bytes = 60);

}  // namespace candor
