// Loaded into a process, it puts its wall clock off by the milliseconds in the file that
// SHIFTED_CLOCK names, which can change at any moment. The machine's own clock, and the clocks that
// only ever grow, stay what they are.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

namespace {

long long ShiftMs() {
  static const char* const path = std::getenv("SHIFTED_CLOCK");
  if (path == nullptr) return 0;
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  char text[32] = {};
  const ssize_t size = file < 0 ? 0 : ::read(file, text, sizeof text - 1);
  if (file >= 0) ::close(file);
  return size > 0 ? std::atoll(text) : 0;
}

timespec Shifted(timespec time) {
  const long long nanos = time.tv_nsec + ShiftMs() % 1000 * 1'000'000;
  time.tv_sec += ShiftMs() / 1000 + (nanos < 0 ? -1 : nanos / 1'000'000'000);
  time.tv_nsec = (nanos + 1'000'000'000) % 1'000'000'000;
  return time;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  using Real = int (*)(clockid_t, timespec*);
  static const auto real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(clock, time);
  const bool is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (result == 0 && is_wall) *time = Shifted(*time);
  return result;
}

extern "C" int gettimeofday(timeval* time, void* /*zone*/) noexcept {
  timespec now{};
  const int result = ::clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return result;
}

extern "C" time_t time(time_t* seconds) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (seconds != nullptr) *seconds = now.tv_sec;
  return now.tv_sec;
}
