#include "native/serve/watched_files.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace candor {
namespace {

constexpr int kQuietMs = 100;
constexpr int kMostWaits = 20;
constexpr std::uint32_t kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;

}  // namespace

WatchedFiles::WatchedFiles(const std::vector<std::string>& files, const std::string& folder)
    : descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (descriptor_ < 0) return;
  for (const std::string& file : files) {
    std::string in = std::filesystem::path(file).parent_path().string();
    if (in.empty()) in = ".";
    ::inotify_add_watch(descriptor_, in.c_str(), kChanges);
  }
  if (!folder.empty()) ::inotify_add_watch(descriptor_, folder.c_str(), kChanges);
}

WatchedFiles::~WatchedFiles() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void WatchedFiles::Drain() const {
  std::array<char, 4096> events;
  pollfd changed = {descriptor_, POLLIN, 0};
  for (int i = 0; i < kMostWaits; ++i) {
    while (::read(descriptor_, events.data(), events.size()) > 0) {
    }
    if (::poll(&changed, 1, kQuietMs) <= 0) return;
  }
}

}  // namespace candor
