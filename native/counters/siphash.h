// SipHash-1-3 (Aumasson and Bernstein, 2012; one round a word, three at the end): a keyed hash of
// 64 bits. Without the key nobody can choose inputs that collide.
#pragma once

#include <cstdint>
#include <string_view>

namespace candor {

struct SipKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

std::uint64_t SipHash(const SipKey& key, std::string_view bytes) noexcept;

}  // namespace candor
