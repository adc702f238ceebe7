#include "native/probes/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/text.h"
#include "native/base/clock.h"

namespace candor {
namespace {

// An open file, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void Open(int number) { number_ = number; }
  void Close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

struct Pipe {
  Descriptor read, write;
  bool Open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    // Not for the program, which may not expect it.
    ::fcntl(ends[1], F_SETFL, 0);
    read.Open(ends[0]);
    write.Open(ends[1]);
    return true;
  }
};

std::vector<char*> EnvironmentWithout(std::span<const std::string_view> left_out) {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    bool keep = true;
    for (const std::string_view name : left_out)
      keep = keep && text.substr(0, text.find('=')) != name;
    if (keep) kept.push_back(*variable);
  }
  kept.push_back(nullptr);
  return kept;
}

// As spawn(3) returns: 0, or an errno.
int Spawn(const std::vector<std::string>& words, std::span<const std::string_view> left_out,
          int output, int error, pid_t* process) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, error, STDERR_FILENO);
  // A host may have opened some without O_CLOEXEC.
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  const int failed = ::posix_spawnp(process, arguments[0], &files, &attributes, arguments.data(),
                                    EnvironmentWithout(left_out).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

// A program under way, ended by the destructor at the latest.
class Running {
 public:
  Running(const ProcessLimits& limits, const Cancellation& cancellation)
      : limits_(limits), cancellation_(cancellation) {}
  ~Running() { End(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // "", or why there is none.
  std::string Start(const std::vector<std::string>& words,
                    std::span<const std::string_view> left_out) {
    if (!output_.Open() || !error_.Open()) return std::strerror(errno);
    const int failed =
        Spawn(words, left_out, output_.write.number(), error_.write.number(), &process_);
    if (failed != 0) return std::strerror(failed);
    output_.write.Close();
    error_.write.Close();
    exit_.Open(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
    return exit_.number() < 0 ? std::strerror(errno) : "";
  }

  EndedProcess Wait() {
    EndedProcess ended;
    const std::int64_t until = SystemClock().BootMillis() + limits_.timeout_ms;
    bool over = false;
    while (!over && ended.problem.empty()) over = Turn(until, ended);
    const int status = End();
    if (!ended.problem.empty()) return ended;
    if (WIFEXITED(status)) {
      ended.status = WEXITSTATUS(status);
    } else {
      ended.problem = "it was ended by signal " + Decimal(WTERMSIG(status));
    }
    return ended;
  }

 private:
  // Reads what there is, or waits for more. Whether the program has ended.
  bool Turn(std::int64_t until, EndedProcess& ended) {
    std::array<pollfd, 4> waits = {{{exit_.number(), POLLIN, 0},
                                    {output_.read.number(), POLLIN, 0},
                                    {error_.read.number(), POLLIN, 0},
                                    {cancellation_.descriptor(), POLLIN, 0}}};
    const std::int64_t left = until - SystemClock().BootMillis();
    if (left <= 0) {
      ended.problem = "it did not end within " + Decimal(limits_.timeout_ms) + " ms";
      return false;
    }
    ::poll(waits.data(), waits.size(), static_cast<int>(left));
    if (waits[3].revents != 0) ended.problem = "stopped";
    const bool over = waits[0].revents != 0;
    // What it printed before its end is all there by now.
    Read(output_.read, ended.output, ended);
    Read(error_.read, ended.error, ended);
    return over;
  }

  void Read(Descriptor& from, std::string& into, EndedProcess& ended) const {
    std::array<char, 4096> block;
    while (from.number() >= 0) {
      const ssize_t size = ::read(from.number(), block.data(), block.size());
      if (size == 0) from.Close();
      if (size <= 0) return;
      const std::string_view more(block.data(), static_cast<std::size_t>(size));
      if (more.size() > limits_.output_bytes - ended.output.size() - ended.error.size()) {
        ended.problem = "it printed more than " +
                        Decimal(static_cast<std::int64_t>(limits_.output_bytes)) + " bytes";
        return;
      }
      into += more;
    }
  }

  // The status of waitpid(2).
  int End() {
    if (process_ <= 0) return 0;
    // It is not waited for yet, so that nobody else can have its number.
    ::kill(-process_, SIGKILL);
    ::kill(process_, SIGKILL);
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = 0;
    return status;
  }

  const ProcessLimits& limits_;
  const Cancellation& cancellation_;
  Pipe output_, error_;
  Descriptor exit_;
  pid_t process_ = 0;
};

}  // namespace

Cancellation::Cancellation() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Cancellation::~Cancellation() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Cancellation::Cancel() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(descriptor_, &one, sizeof one));
}

EndedProcess RunProcess(const std::vector<std::string>& words,
                        std::span<const std::string_view> left_out, const ProcessLimits& limits,
                        const Cancellation& cancellation) {
  Running running(limits, cancellation);
  EndedProcess ended;
  ended.problem = running.Start(words, left_out);
  return ended.problem.empty() ? running.Wait() : ended;
}

}  // namespace candor
