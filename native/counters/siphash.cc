#include "native/counters/siphash.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace candor {
namespace {

struct State {
  std::uint64_t a, b, c, d;

  void Round() noexcept {
    a += b;
    c += d;
    b = std::rotl(b, 13) ^ a;
    d = std::rotl(d, 16) ^ c;
    a = std::rotl(a, 32);
    c += b;
    a += d;
    b = std::rotl(b, 17) ^ c;
    d = std::rotl(d, 21) ^ a;
    c = std::rotl(c, 32);
  }

  void Take(std::uint64_t word) noexcept {
    d ^= word;
    Round();
    a ^= word;
  }
};

// The files are of one machine, so its byte order will do.
std::uint64_t LoadWord(const char* from, std::size_t size) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, size);
  return word;
}

}  // namespace

std::uint64_t SipHash(const SipKey& key, std::string_view bytes) noexcept {
  // The constants spell "somepseudorandomlygeneratedbytes", as the paper has it.
  State state{key.first ^ 0x736f6d6570736575, key.second ^ 0x646f72616e646f6d,
              key.first ^ 0x6c7967656e657261, key.second ^ 0x7465646279746573};
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) state.Take(LoadWord(bytes.data() + at, 8));
  const std::uint64_t rest = at < bytes.size() ? LoadWord(bytes.data() + at, bytes.size() - at) : 0;
  state.Take(rest | static_cast<std::uint64_t>(bytes.size()) << 56);
  state.c ^= 0xff;
  for (int round = 0; round < 3; ++round) state.Round();
  return state.a ^ state.b ^ state.c ^ state.d;
}

}  // namespace candor
