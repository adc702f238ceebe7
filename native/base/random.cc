#include "native/base/random.h"

#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/sha256.h"
#include "core/text.h"

namespace candor {
namespace {

template <typename T>
void Update(Sha256& hash, const T& value) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  hash.Update(std::string_view(bytes.data(), bytes.size()));
}

// For a sandbox that forbids getrandom: the 16 random bytes that the kernel gave this program when
// it started, and what tells one call from another.
std::uint64_t WithoutGetrandom() {
  static std::atomic<std::uint64_t> calls{0};
  Sha256 hash;
  if (const auto* given = reinterpret_cast<const char*>(getauxval(AT_RANDOM)); given != nullptr) {
    hash.Update(std::string_view(given, 16));
  }
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  Update(hash, now.tv_sec);
  Update(hash, now.tv_nsec);
  Update(hash, getpid());
  Update(hash, calls.fetch_add(1, std::memory_order_relaxed));
  const Sha256::Digest digest = hash.Finish();
  std::uint64_t bits = 0;
  std::memcpy(&bits, digest.data(), sizeof(bits));
  return bits;
}

class KernelRandom : public Random {
 public:
  std::uint64_t Next() override {
    std::uint64_t bits = 0;
    ssize_t size = 0;
    do {
      size = getrandom(&bits, sizeof(bits), 0);
    } while (size < 0 && errno == EINTR);
    return size == sizeof(bits) ? bits : WithoutGetrandom();
  }
};

}  // namespace

// Never destroyed, as SystemClock.
Random& SystemRandom() {
  static KernelRandom* const random = new KernelRandom;
  return *random;
}

std::string NewUuid(Random& random) {
  std::array<std::uint8_t, 16> bytes;
  for (std::size_t half = 0; half < 2; ++half) {
    const std::uint64_t bits = random.Next();
    for (std::size_t i = 0; i < 8; ++i) {
      bytes[half * 8 + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
    }
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);  // Version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);  // of RFC 9562's variant.
  std::string uuid = Hex(bytes);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) uuid.insert(at, 1, '-');
  return uuid;
}

std::int64_t UniformUpTo(Random& random, std::int64_t most) {
  const std::uint64_t count = static_cast<std::uint64_t>(most) + 1;
  // Numbers beyond the last whole multiple would make the small ones likelier.
  const std::uint64_t surplus = (0 - count) % count;
  std::uint64_t bits = 0;
  do {
    bits = random.Next();
  } while (bits > std::numeric_limits<std::uint64_t>::max() - surplus);
  return static_cast<std::int64_t>(bits % count);
}

}  // namespace candor
