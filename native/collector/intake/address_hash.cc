#include "native/collector/intake/address_hash.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/day.h"
#include "native/base/secrets.h"

namespace candor {
namespace {

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

std::string Keyed(const std::string& key, std::string_view purpose, std::string_view text) {
  return KeyedHash(key, purpose, text).substr(0, kHashBytes);
}

}  // namespace

AddressHasher::~AddressHasher() { Wipe(key_); }

void AddressHasher::EndDay() {
  const std::lock_guard lock(mutex_);
  Renew();
}

void AddressHasher::Renew() {
  const std::int64_t day = clock_.Wall() / kDayMs;
  if (day == day_) return;
  day_ = day;
  Wipe(key_);
  key_ = RandomSecret(random_);
}

AddressHash AddressHasher::Hash(const std::string& address) {
  const std::lock_guard lock(mutex_);
  Renew();
  const std::optional<AddressBytes> bytes = BytesOf(address);
  if (!bytes) {
    const std::string whole = Keyed(key_, "text", address);
    return {whole, whole};
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  const std::string whole = Keyed(key_, "address", text);
  return {whole, IsV4(*bytes) ? whole : Keyed(key_, "network", text.substr(0, 8))};
}

}  // namespace candor
