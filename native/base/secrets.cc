#include "native/base/secrets.h"

#include <sodium.h>

#include <cstdint>

namespace candor {

std::string RandomSecret(Random& random) {
  // In one piece: growing would leave parts of it behind.
  std::string secret(kSecretBytes, '\0');
  std::uint64_t some = 0;
  for (std::size_t at = 0; at < secret.size(); ++at) {
    if (at % sizeof some == 0) some = random.Next();
    secret[at] = static_cast<char>(some >> (at % sizeof some * 8));
  }
  return secret;
}

std::string UrlText(std::string_view bytes) {
  constexpr int kForm = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), kForm), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kForm);
  text.pop_back();  // The NUL that ends it.
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::string KeyedHash(std::string_view key, std::string_view purpose, std::string_view text) {
  const auto bytes = [](std::string_view part) {
    return reinterpret_cast<const unsigned char*>(part.data());
  };
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes(purpose), purpose.size());
  crypto_auth_hmacsha256_update(&state, bytes("\n"), 1);
  crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
  std::string hash(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

bool EqualBytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace candor
