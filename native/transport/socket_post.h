// One POST of JSON to a Unix socket of this machine.
#pragma once

#include <cstdint>
#include <string>

namespace candor {

struct SocketAnswer {
  int status = 0;    // 0: no whole answer came, and `error` says why.
  std::string body;  // At most 1 MiB of it.
  std::string error;
};

// `target` is a path such as "/v1/counts". Blocks at most `timeout_ms`. May throw std::bad_alloc.
SocketAnswer PostToSocket(const std::string& socket, const std::string& target,
                          const std::string& json, std::int64_t timeout_ms);

}  // namespace candor
