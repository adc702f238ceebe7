#include "native/serve/local_socket.h"

#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "core/text.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr int kBacklog = 64;
constexpr int kKind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

sockaddr_un UnixAddress(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// Two services that begin at once do not take each other's new socket for an old one.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder)
      : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
  }
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  const int descriptor_;
};

// 0, or why nobody could be reached there.
int TryConnect(const std::string& path) {
  const int probe = ::socket(AF_UNIX, kKind, 0);
  if (probe < 0) return errno;
  const sockaddr_un address = UnixAddress(path);
  const bool connected =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int reason = connected ? 0 : errno;
  ::close(probe);
  return reason;
}

Error Occupied(const std::string& path, std::string why) {
  return {ErrorCode::kUnavailable, "--listen unix:" + path, std::move(why)};
}

// Makes room for a new file at `path`.
std::optional<Error> ClearPath(const std::string& path) {
  struct stat there;
  if (::lstat(path.c_str(), &there) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return FileError(path, "cannot be looked at", errno);
  }
  if (!S_ISSOCK(there.st_mode)) {
    return Occupied(path, "is there and is no socket; remove it, or name another path");
  }
  const int reason = TryConnect(path);
  // A full queue is somebody's, too.
  if (reason == 0 || reason == EAGAIN) {
    return Occupied(path, "another program listens there; end it, or name another path");
  }
  if (reason != ECONNREFUSED) return FileError(path, "cannot be reached", reason);
  if (::unlink(path.c_str()) != 0) return FileError(path, "cannot be removed", errno);
  return std::nullopt;
}

}  // namespace

Error LocalSocket::Failed(const char* doing) const {
  return {ErrorCode::kUnavailable, "--listen " + Where(),
          std::string(doing) + ": " + std::generic_category().message(errno)};
}

std::optional<Error> LocalSocket::OpenUnix(std::optional<gid_t> group) {
  const std::string& path = address_.path;
  const FolderLock lock(path.substr(0, path.rfind('/') + 1));
  if (auto error = ClearPath(path)) return error;
  descriptor_ = ::socket(AF_UNIX, kKind, 0);
  if (descriptor_ < 0) return Failed("cannot be made");
  // Before it has a name: there is no moment at which others may connect.
  ::fchmod(descriptor_, 0600);
  const sockaddr_un address = UnixAddress(path);
  if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Failed("cannot be made");
  }
  struct stat made;
  if (::lstat(path.c_str(), &made) != 0) return Failed("cannot be looked at");
  device_ = made.st_dev;
  file_ = made.st_ino;
  if (group && (::chown(path.c_str(), static_cast<uid_t>(-1), *group) != 0 ||
                ::chmod(path.c_str(), 0660) != 0)) {
    return Failed("cannot be given to the group of --listen-group, which this user must be in");
  }
  if (::listen(descriptor_, kBacklog) != 0) return Failed("cannot be listened to");
  return std::nullopt;
}

std::optional<Error> LocalSocket::OpenTcp() {
  descriptor_ = ::socket(address_.v6 ? AF_INET6 : AF_INET, kKind, 0);
  if (descriptor_ < 0) return Failed("cannot be made");
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v4.sin_port = v6.sin6_port = htons(address_.port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  auto* const address =
      address_.v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  socklen_t size = address_.v6 ? sizeof v6 : sizeof v4;
  if (::bind(descriptor_, address, size) != 0 || ::listen(descriptor_, kBacklog) != 0) {
    return Failed("cannot be listened to");
  }
  if (::getsockname(descriptor_, address, &size) != 0) return Failed("cannot be looked at");
  address_.port = ntohs(address_.v6 ? v6.sin6_port : v4.sin_port);
  return std::nullopt;
}

Result<std::unique_ptr<LocalSocket>> LocalSocket::Open(const ListenAddress& address,
                                                       std::optional<gid_t> group) {
  std::unique_ptr<LocalSocket> socket(new LocalSocket(address));
  auto error = address.path.empty() ? socket->OpenTcp() : socket->OpenUnix(group);
  if (error) return std::move(*error);
  return socket;
}

LocalSocket::~LocalSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
  struct stat there;
  if (file_ != 0 && ::lstat(address_.path.c_str(), &there) == 0 && there.st_ino == file_ &&
      there.st_dev == device_) {
    ::unlink(address_.path.c_str());
  }
}

Result<gid_t> FindGroup(const std::string& name) {
  std::vector<char> space(64 * 1024);
  group found{};
  group* group = nullptr;
  ::getgrnam_r(name.c_str(), &found, space.data(), space.size(), &group);
  if (group != nullptr) return found.gr_gid;
  return Error{ErrorCode::kNotFound, "--listen-group",
               "there is no group \"" + Quotable(name) + "\" on this machine"};
}

bool IsTrustedPeer(int connection, std::optional<gid_t> group) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  if (peer.uid == ::geteuid() || peer.uid == 0) return true;
  if (!group) return false;
  if (peer.gid == *group) return true;
  std::vector<gid_t> groups(1024);
  size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return false;
  groups.resize(size / sizeof(gid_t));
  return std::find(groups.begin(), groups.end(), *group) != groups.end();
}

}  // namespace candor
