// What a thief of stored address hashes can try: a way to hash an IPv4 address, at the speed of the
// machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

class AddressGuess {
 public:
  // The first 16 bytes, which is all that a collector stores.
  using Hash = std::array<std::uint32_t, 4>;

  // SHA-256 of the address's four bytes, or of the sixteen of its IPv6 form.
  static AddressGuess Plain(bool mapped);
  // As a collector does it, under a key of at most 64 bytes.
  static AddressGuess Keyed(std::string_view key);

  Hash Try(std::uint32_t address);
  // Of 16 bytes as they are stored.
  static Hash FromBytes(std::string_view bytes);

 private:
  using State = std::array<std::uint32_t, 8>;
  AddressGuess(std::string_view before, std::size_t bytes_before, const State& start);

  std::array<unsigned char, 64> block_{}, outer_block_{};
  std::size_t at_;  // Of the address in its block.
  State start_, outer_{};
  bool keyed_ = false;
};

}  // namespace candor
