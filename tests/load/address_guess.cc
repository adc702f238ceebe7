// SHA256_Transform is old and has no heir: nothing else of OpenSSL's hashes one block.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "tests/load/address_guess.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

namespace candor {
namespace {

constexpr std::array<std::uint32_t, 8> kInitial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

std::array<std::uint32_t, 8> Next(const std::array<std::uint32_t, 8>& state,
                                  const unsigned char* block) {
  SHA256_CTX context;
  std::copy(state.begin(), state.end(), context.h);
  SHA256_Transform(&context, block);
  std::array<std::uint32_t, 8> next;
  std::copy_n(context.h, 8, next.begin());
  return next;
}

void Write(std::uint32_t word, unsigned char* to) {
  for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<unsigned char>(word >> shift);
}

// After a text that ends in the block (FIPS 180-4, 5.1.1).
void Pad(std::array<unsigned char, 64>& block, std::size_t used, std::size_t all_bytes) {
  block[used] = 0x80;
  Write(static_cast<std::uint32_t>(all_bytes * 8), block.data() + 60);
}

std::array<std::uint32_t, 8> KeyState(std::string_view key, unsigned char with) {
  std::array<unsigned char, 64> block;
  block.fill(with);
  for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= static_cast<unsigned char>(key[i]);
  return Next(kInitial, block.data());
}

}  // namespace

AddressGuess::AddressGuess(std::string_view before, std::size_t bytes_before, const State& start)
    : at_(before.size()), start_(start) {
  std::memcpy(block_.data(), before.data(), before.size());
  Pad(block_, at_ + 4, bytes_before + at_ + 4);
}

AddressGuess AddressGuess::Plain(bool mapped) { return {mapped ? kMapped : "", 0, kInitial}; }

AddressGuess AddressGuess::Keyed(std::string_view key) {
  AddressGuess guess("address\n" + std::string(kMapped), 64, KeyState(key, 0x36));
  guess.keyed_ = true;
  guess.outer_ = KeyState(key, 0x5c);
  Pad(guess.outer_block_, 32, 64 + 32);
  return guess;
}

AddressGuess::Hash AddressGuess::Try(std::uint32_t address) {
  Write(address, block_.data() + at_);
  State state = Next(start_, block_.data());
  if (keyed_) {
    for (std::size_t i = 0; i < state.size(); ++i) Write(state[i], outer_block_.data() + 4 * i);
    state = Next(outer_, outer_block_.data());
  }
  return {state[0], state[1], state[2], state[3]};
}

AddressGuess::Hash AddressGuess::FromBytes(std::string_view bytes) {
  Hash hash{};
  for (std::size_t i = 0; i < 16; ++i) {
    hash[i / 4] = hash[i / 4] << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return hash;
}

}  // namespace candor
