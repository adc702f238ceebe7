#include "native/collector/address_hash.h"

#include <arpa/inet.h>
#include <sodium.h>

#include <array>
#include <cstring>
#include <optional>

namespace candor {
namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kHashBytes = 16;

// 16 bytes; an IPv4 address as IPv6 maps it.
using AddressBytes = std::array<unsigned char, 16>;
constexpr AddressBytes kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};

bool IsV4(const AddressBytes& bytes) { return std::memcmp(bytes.data(), kMapped.data(), 12) == 0; }

std::optional<AddressBytes> BytesOf(const std::string& address) {
  AddressBytes bytes = kMapped;
  if (::inet_pton(AF_INET, address.c_str(), bytes.data() + 12) == 1) return bytes;
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

std::string Keyed(const std::string& key, char purpose, const unsigned char* bytes,
                  std::size_t size) {
  crypto_auth_hmacsha256_state state;
  const auto* const tag = reinterpret_cast<const unsigned char*>(&purpose);
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()),
                              key.size());
  crypto_auth_hmacsha256_update(&state, tag, 1);
  crypto_auth_hmacsha256_update(&state, bytes, size);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash;
  crypto_auth_hmacsha256_final(&state, hash.data());
  return {reinterpret_cast<const char*>(hash.data()), kHashBytes};
}

}  // namespace

AddressHasher::~AddressHasher() { sodium_memzero(key_.data(), key_.size()); }

void AddressHasher::EndDay() {
  const std::lock_guard lock(mutex_);
  Renew();
}

void AddressHasher::Renew() {
  const std::int64_t day = clock_.Wall() / kDayMs;
  if (day == day_) return;
  day_ = day;
  key_.resize(kKeyBytes);
  sodium_memzero(key_.data(), key_.size());
  for (std::size_t at = 0; at < key_.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t some = random_.Next();
    std::memcpy(key_.data() + at, &some, sizeof some);
  }
}

AddressHash AddressHasher::Hash(const std::string& address) {
  const std::lock_guard lock(mutex_);
  Renew();
  const std::optional<AddressBytes> bytes = BytesOf(address);
  if (!bytes) {
    const auto* const text = reinterpret_cast<const unsigned char*>(address.data());
    const std::string whole = Keyed(key_, 't', text, address.size());
    return {whole, whole};
  }
  const std::string whole = Keyed(key_, 'a', bytes->data(), bytes->size());
  return {whole, IsV4(*bytes) ? whole : Keyed(key_, 'n', bytes->data(), 8)};
}

}  // namespace candor
