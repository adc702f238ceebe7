// Where the local API may be listened to: "unix:/PATH", "127.0.0.1:PORT" or "[::1]:PORT".
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace candor {

struct ListenAddress {
  std::string path;  // Of a Unix socket; "" for TCP.
  bool v6 = false;
  std::uint16_t port = 0;  // 0 for any that is free.
};

// Errors: kOutOfRange, kOverLimit, with what would be right.
Result<ListenAddress> ParseListenAddress(const std::string& text);
// As it would be typed.
std::string Text(const ListenAddress& address);

}  // namespace candor
