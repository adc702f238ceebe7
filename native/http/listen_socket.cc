#include "native/http/listen_socket.h"

#include <arpa/inet.h>
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

namespace candor {
namespace {

// Where there is no room, a client that comes with many others tries again only after a second.
constexpr int kBacklog = 1024;
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

}  // namespace

Error ListenSocket::Failed(const char* doing) const {
  return Refused(std::string(doing) + ": " + std::generic_category().message(errno));
}

Error ListenSocket::Refused(std::string why) const {
  return {ErrorCode::kUnavailable, address_.flag + " " + Where(), std::move(why)};
}

// Makes room for a new file.
std::optional<Error> ListenSocket::ClearPath() const {
  const std::string& path = address_.path;
  struct stat there;
  if (::lstat(path.c_str(), &there) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return Failed("cannot be looked at");
  }
  if (!S_ISSOCK(there.st_mode)) {
    return Refused("is there and is no socket; remove it, or name another path");
  }
  errno = TryConnect(path);
  // A full queue is somebody's, too.
  if (errno == 0 || errno == EAGAIN) {
    return Refused("another program listens there; end it, or name another path");
  }
  if (errno != ECONNREFUSED) return Failed("cannot be reached");
  if (::unlink(path.c_str()) != 0) return Failed("cannot be removed");
  return std::nullopt;
}

std::optional<Error> ListenSocket::OpenUnix(std::optional<gid_t> group) {
  const std::string& path = address_.path;
  const FolderLock lock(path.substr(0, path.rfind('/') + 1));
  if (auto error = ClearPath()) return error;
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

std::optional<Error> ListenSocket::OpenTcp() {
  const bool is_v6 = address_.v6();
  descriptor_ = ::socket(is_v6 ? AF_INET6 : AF_INET, kKind, 0);
  if (descriptor_ < 0) return Failed("cannot be made");
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (is_v6) ::setsockopt(descriptor_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  v4.sin_port = v6.sin6_port = htons(address_.port);
  ::inet_pton(AF_INET, address_.ip.c_str(), &v4.sin_addr);
  ::inet_pton(AF_INET6, address_.ip.c_str(), &v6.sin6_addr);
  auto* const address = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  socklen_t size = is_v6 ? sizeof v6 : sizeof v4;
  if (::bind(descriptor_, address, size) != 0 || ::listen(descriptor_, kBacklog) != 0) {
    return Failed("cannot be listened to");
  }
  if (::getsockname(descriptor_, address, &size) != 0) return Failed("cannot be looked at");
  address_.port = ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
  return std::nullopt;
}

Result<std::unique_ptr<ListenSocket>> ListenSocket::Open(const ListenAddress& address,
                                                         std::optional<gid_t> group) {
  std::unique_ptr<ListenSocket> socket(new ListenSocket(address));
  auto error = address.path.empty() ? socket->OpenTcp() : socket->OpenUnix(group);
  if (error) return std::move(*error);
  return socket;
}

ListenSocket::~ListenSocket() {
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

HttpPeer PeerOf(int connection) {
  HttpPeer peer;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(connection, reinterpret_cast<sockaddr*>(&address), &size) != 0) return peer;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    peer.address = ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    peer.port = ntohs(v4.sin_port);
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    peer.address = ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    peer.port = ntohs(v6.sin6_port);
  } else if (address.ss_family == AF_UNIX) {
    ucred credentials{};
    size = sizeof credentials;
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return peer;
    peer.address = "unix";
    peer.uid = credentials.uid;
    peer.gid = credentials.gid;
  }
  return peer;
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
