// A listening socket of the local API.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "native/serve/listen_address.h"

namespace candor {

class LocalSocket {
 public:
  // Binds and listens. The file of a Unix socket has the mode 0600, or 0660 for `group`; one that
  // nobody listens to any more is replaced. Errors: kUnavailable.
  static Result<std::unique_ptr<LocalSocket>> Open(const ListenAddress& address,
                                                   std::optional<gid_t> group);
  // Removes the file, if it is still this socket's.
  ~LocalSocket();
  LocalSocket(const LocalSocket&) = delete;
  LocalSocket& operator=(const LocalSocket&) = delete;

  int descriptor() const { return descriptor_; }
  bool network() const { return address_.path.empty(); }
  std::string Where() const { return Text(address_); }  // With the port that was found.

 private:
  explicit LocalSocket(ListenAddress address) : address_(std::move(address)) {}
  std::optional<Error> OpenUnix(std::optional<gid_t> group);
  std::optional<Error> OpenTcp();
  Error Failed(const char* doing) const;

  ListenAddress address_;
  int descriptor_ = -1;
  dev_t device_ = 0;
  ino_t file_ = 0;  // 0 while there is no file of ours.
};

// The number of the group. Errors: kNotFound.
Result<gid_t> FindGroup(const std::string& name);

// Whether who connected is this user, root, or in `group`: the kernel says who that was.
bool IsTrustedPeer(int connection, std::optional<gid_t> group);

}  // namespace candor
