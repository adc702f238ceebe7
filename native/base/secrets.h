// What the services need of cryptography: random tokens, keyed hashes, and memory that is wiped.
// Passwords have native/admin/accounts/password_hash.h.
//
// Safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "native/base/random.h"

namespace candor {

inline constexpr std::size_t kSecretBytes = 32;

// 256 random bits.
std::string RandomSecret(Random& random);
// Bytes as text that may stand in a cookie, a header or an address: base64url without padding
// (RFC 4648 section 5); 43 characters for a secret.
std::string UrlText(std::string_view bytes);

// What base64 with padding (RFC 4648 section 4) stands for; nothing when it is none.
std::optional<std::string> FromBase64(std::string_view text);

// HMAC-SHA-256 (RFC 2104) of `purpose` LF `text`, 32 bytes. No `purpose` holds a line feed, so what
// was made for one purpose is of no use for another. REQUIRES: a key of kSecretBytes.
std::string KeyedHash(std::string_view key, std::string_view purpose, std::string_view text);

// Takes as long wherever two texts of one length differ.
bool EqualBytes(std::string_view a, std::string_view b);

// Overwrites it, also where nothing reads it afterwards, and empties it.
void Wipe(std::string& secret);

// Wipes a text when it goes out of use.
class Wiped {
 public:
  explicit Wiped(std::string& secret) : secret_(secret) {}
  ~Wiped() { Wipe(secret_); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;

 private:
  std::string& secret_;
};

}  // namespace candor
