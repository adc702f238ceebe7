// An IPv4 address in the ways in which it may stand in a file.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "core/base64.h"

namespace candor {

inline std::string Printed(const char* format, std::uint32_t address) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), format, address >> 24, address >> 16 & 255,
                address >> 8 & 255, address & 255);
  return text.data();
}

inline std::string BytesOf(std::uint32_t address, bool turned) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(address >> shift & 255);
  if (turned) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

inline std::string Base64Of(const std::string& text) {
  return Base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// An address as programs write it down.
inline std::vector<std::string> Encodings(std::uint32_t address) {
  const std::string dotted = Printed("%u.%u.%u.%u", address);
  const std::string hex = Printed("%02x%02x%02x%02x", address);
  std::string large = hex, utf16;
  std::transform(large.begin(), large.end(), large.begin(), ::toupper);
  for (const char c : dotted) utf16 += {c, '\0'};
  std::string base64 = Base64Of(BytesOf(address, false));
  base64.resize(6);  // Without its padding.
  return {dotted,
          Printed("%03u.%03u.%03u.%03u", address),
          Printed("%u-%u-%u-%u", address),
          Printed("%u%%2E%u%%2E%u%%2E%u", address),
          hex,
          large,
          Printed("%x:%x:%x:%x", address),
          std::to_string(address),
          BytesOf(address, false),
          BytesOf(address, true),
          base64,
          utf16};
}

}  // namespace candor
