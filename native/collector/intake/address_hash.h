// What is known of a sender's address: a keyed hash whose key lives for a day, in memory only.
//
// HMAC-SHA-256 under 256 random bits, cut to 128 bits. A key is wiped and replaced at midnight
// (UTC), so that of yesterday's hashes nobody can tell an address any more, not even by trying all
// of them. For rate limits and for hints on duplicates; never a person's or installation's name.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "native/base/clock.h"
#include "native/base/random.h"

namespace candor {

struct AddressHash {
  std::string whole;    // 16 bytes.
  std::string network;  // Of an IPv6 address its /64, else as `whole`.
};

class AddressHasher {
 public:
  // Both are borrowed.
  AddressHasher(Clock& clock, Random& random) : clock_(clock), random_(random) {}
  ~AddressHasher();
  AddressHasher(const AddressHasher&) = delete;
  AddressHasher& operator=(const AddressHasher&) = delete;

  // `address` as inet_ntop writes it; an IPv4 address in IPv6's clothes counts as itself, and what
  // is no address as its text. From any thread.
  AddressHash Hash(const std::string& address);
  // Wipes the key of a day that is over, also while nobody comes.
  void EndDay();

 private:
  // The mutex is held.
  void Renew();

  Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::int64_t day_ = -1;
  std::string key_;
};

}  // namespace candor
