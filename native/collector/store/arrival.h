// A report that arrived and was found good, on its way into the store.
#pragma once

#include <cstdint>
#include <string>

#include "core/time_text.h"

namespace candor {

struct Arrival {
  enum class Way : std::uint8_t { kPost, kFile };

  std::string key;           // The Idempotency-Key, or "" when the sender gave none.
  std::string digest;        // SHA-256 of `bytes`, 32 bytes.
  std::string installation;  // As the report spells it; a UUID in lower case. "": it names none.
  std::string catalogue;
  Way way = Way::kPost;
  std::string address;  // AddressHash::whole, or "".
  std::string bytes;    // As they came.

  std::string values;   // What statistics are made of: report_values.h.
  std::string unknown;  // {"/pointer": value} of what the catalogue does not name, or "".
  std::string erasure;  // SHA-256 of what proves who may have it deleted, 64 digits, or "".
};

// What became of one.
struct Kept {
  enum class Outcome : std::uint8_t {
    kNew,
    kRepeated,  // It was here already; `at` is when.
    kConflict,  // Its key was here with other bytes.
  };
  Outcome outcome = Outcome::kNew;
  UnixMillis at = 0;
};

}  // namespace candor
