// A listening socket, and whom the kernel names at its other end.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "native/http/listen_address.h"
#include "native/http/peer.h"

namespace candor {

class ListenSocket {
 public:
  // Binds and listens. The file of a Unix socket has the mode 0600, or 0660 for `group`; one that
  // nobody listens to any more is replaced. Errors: kUnavailable.
  static Result<std::unique_ptr<ListenSocket>> Open(const ListenAddress& address,
                                                    std::optional<gid_t> group);
  // Removes the file, if it is still this socket's.
  ~ListenSocket();
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;

  int descriptor() const { return descriptor_; }
  bool network() const { return address_.path.empty(); }
  const ListenAddress& address() const { return address_; }  // With the port that was found.
  std::string Where() const { return Text(address_); }

 private:
  explicit ListenSocket(ListenAddress address) : address_(std::move(address)) {}
  std::optional<Error> OpenUnix(std::optional<gid_t> group);
  std::optional<Error> OpenTcp();
  Error Failed(const char* doing) const;
  Error Refused(std::string why) const;
  std::optional<Error> ClearPath() const;

  ListenAddress address_;
  int descriptor_ = -1;
  dev_t device_ = 0;
  ino_t file_ = 0;  // 0 while there is no file of ours.
};

// The number of the group. Errors: kNotFound.
Result<gid_t> FindGroup(const std::string& name);

// Who is at the other end of a connection; `tls` is not told.
HttpPeer PeerOf(int connection);
// Whether who connected is this user, root, or in `group`: the kernel says who that was.
bool IsTrustedPeer(int connection, std::optional<gid_t> group);

}  // namespace candor
