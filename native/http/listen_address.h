// Where a server listens: "unix:/PATH", "127.0.0.1:PORT" or "[::1]:PORT", or any address of the
// machine in the same form.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace candor {

struct ListenAddress {
  std::string path;              // Of a Unix socket; "" for TCP.
  std::string ip = "127.0.0.1";  // As inet_ntop writes it.
  std::uint16_t port = 0;        // 0 for any that is free.
  std::string flag;              // Which option asked for it, as "--listen"; for errors.

  bool v6() const { return ip.find(':') != std::string::npos; }
  // Only this machine can reach it.
  bool local() const;
};

enum class ListenReach {
  kThisMachine,  // 127.0.0.1, [::1] and Unix sockets.
  kAnywhere,
};

// Errors: kOutOfRange, kOverLimit, with what would be right.
Result<ListenAddress> ParseListenAddress(const std::string& text,
                                         const std::string& flag = "--listen",
                                         ListenReach reach = ListenReach::kThisMachine);
// As it would be typed.
std::string Text(const ListenAddress& address);

}  // namespace candor
