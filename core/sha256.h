// SHA-256 (FIPS 180-4), portable; and the sink that digests what passes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/sink.h"

namespace candor {

class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  void Update(std::string_view bytes);
  // The digest of all bytes so far. REQUIRES: called once, no Update after it.
  Digest Finish();

 private:
  void Compress(const std::uint8_t* block, std::size_t blocks);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> block_ = {};
  std::size_t used_ = 0;
  std::uint64_t total_ = 0;
};

// Lower-case hexadecimal, 64 characters.
std::string Sha256Hex(std::string_view bytes);

class Sha256Sink : public Sink {
 public:
  void Write(std::string_view bytes) override { hash_.Update(bytes); }
  // REQUIRES: called once, after the last Write.
  std::string FinishHex();

 private:
  Sha256 hash_;
};

}  // namespace candor
