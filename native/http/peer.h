// Who is at the other end of a connection, as the kernel says.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

// `address` as inet_ntop writes it.
inline bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

struct HttpPeer {
  // "127.0.0.1" or "::1", an IPv4 address in IPv6's clothes without them; "unix" for a Unix socket.
  std::string address;
  std::uint16_t port = 0;  // 0 for a Unix socket.
  bool tls = false;
  // Of a Unix socket's other end.
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);

  // Not somebody else's of this machine: a network's peer, or a Unix socket's that is this user,
  // root, or in the group that was let in.
  bool trusted = true;

  bool is_unix() const { return address == "unix"; }
  bool is_this_machine() const { return is_unix() || IsLoopback(address); }
};

}  // namespace candor
