#include "native/base/clock.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace candor {
namespace {

std::int64_t Millis(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

// "" when /proc is missing, or shows something else there.
std::string ReadBootId() {
  const int descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return {};
  std::array<char, 64> bytes;
  ssize_t size = 0;
  do {
    size = read(descriptor, bytes.data(), bytes.size());
  } while (size < 0 && errno == EINTR);
  close(descriptor);
  std::string id(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!id.empty() && id.back() == '\n') id.pop_back();
  const bool good = id.find_first_not_of("0123456789abcdef-") == std::string::npos;
  return good ? id : std::string();
}

class KernelClock : public Clock {
 public:
  UnixMillis Wall() override { return Millis(CLOCK_REALTIME); }
  std::int64_t BootMillis() override { return Millis(CLOCK_BOOTTIME); }
  std::string BootId() override {
    static const std::string* const id = new std::string(ReadBootId());
    return *id;
  }
};

}  // namespace

// Nothing to construct or destroy: a reporter that was left behind may still ask while the program
// ends, and a host without memory, too.
Clock& SystemClock() {
  static constinit KernelClock clock;
  return clock;
}

}  // namespace candor
