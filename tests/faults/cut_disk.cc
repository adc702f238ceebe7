#include "tests/faults/cut_disk.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace candor {
namespace {

constexpr unsigned long kShutdown = 0x8004587d;  // EXT4_IOC_SHUTDOWN
constexpr std::uint32_t kNoLogFlush = 2;

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "the disk to be cut: %s: %s\n", what, std::strerror(errno));
  std::exit(2);
}

int OpenFolder(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) Die("open");
  return folder;
}

}  // namespace

CutDisk::CutDisk(std::string device, std::string mountpoint)
    : device_(std::move(device)), mountpoint_(std::move(mountpoint)) {}

void CutDisk::Mount() {
  if (mount(device_.c_str(), mountpoint_.c_str(), "ext4", 0, nullptr) != 0) Die("mount");
}

void CutDisk::Cut() {
  const int root = OpenFolder(mountpoint_);
  std::uint32_t how = kNoLogFlush;
  if (ioctl(root, kShutdown, &how) != 0) Die("the shutdown of ext4");
  close(root);
}

void CutDisk::Sync() {
  const int root = OpenFolder(mountpoint_);
  if (syncfs(root) != 0) Die("syncfs");
  close(root);
}

void CutDisk::Unmount() {
  for (int tries = 0; umount2(mountpoint_.c_str(), 0) != 0; ++tries) {
    if (errno != EBUSY || tries == 20'000) Die("umount");
    usleep(1000);
  }
}

}  // namespace candor
