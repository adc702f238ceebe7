// A strict reading of http and https URLs: the subset of RFC 3986 that means the same to every
// program. What browsers mend (odd IPv4 forms, backslashes, white space, missing slashes) is
// refused, so that the host that was checked is the host that is connected to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

inline constexpr std::size_t kMaxUrlBytes = 2048;

struct Url {
  bool https = false;
  std::string host;         // As written; an IPv6 address stands in brackets.
  std::uint16_t port = 0;   // The scheme's own when none is written.
  std::string_view target;  // Path and query as written, "" when there are none. Borrowed.
  bool loopback = false;    // localhost, 127.0.0.0/8 or [::1]: the bytes stay on this machine.
};

// Reads `text` as scheme "://" host [":" port] [path] ["?" query]. Refuses user information,
// fragments, hosts that are not ASCII, IPv4 in other forms than four decimal numbers, and every
// byte that RFC 3986 does not allow. Errors: kOutOfRange, kOverLimit; the caller knows the place.
Result<Url> ParseUrl(std::string_view text);

// As ParseUrl, and plain http only to this machine: what a report may be sent to.
Result<Url> ParseEndpoint(std::string_view text);

}  // namespace candor
