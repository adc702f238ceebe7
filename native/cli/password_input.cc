#include "native/cli/password_input.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "native/admin/accounts/password_rules.h"
#include "native/base/read_file.h"
#include "native/base/secrets.h"

namespace candor {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

volatile std::sig_atomic_t caught = 0;

void Note(int signal) { caught = signal; }

Error Failed(std::string why) {
  return {ErrorCode::kBadRequest, "--password-file", std::move(why)};
}

// Signals that end or stop this program come only where it waits, and are acted on when the
// terminal is as it was. Those that are ignored stay so.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : kSignals) sigaddset(&held, signal);
    ::sigprocmask(SIG_BLOCK, &held, &before_);
    struct sigaction note {};
    note.sa_handler = Note;
    for (std::size_t i = 0; i < std::size(kSignals); ++i) {
      ::sigaction(kSignals[i], nullptr, &actions_[i]);
      if (actions_[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &note, nullptr);
    }
    caught = 0;
  }
  ~HeldSignals() {
    for (std::size_t i = 0; i < std::size(kSignals); ++i) {
      ::sigaction(kSignals[i], &actions_[i], nullptr);
    }
    if (caught != 0) ::raise(caught);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  // false where a signal came first.
  bool WaitToRead(int descriptor) const {
    pollfd wait{descriptor, POLLIN, 0};
    while (caught == 0) {
      if (::ppoll(&wait, 1, nullptr, &before_) > 0) return caught == 0;
    }
    return false;
  }

 private:
  sigset_t before_{};
  struct sigaction actions_[std::size(kSignals)]{};
};

// Does not show what is typed, until it ends.
class SilentTerminal {
 public:
  explicit SilentTerminal(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_silent_ = ::tcsetattr(terminal_, TCSAFLUSH, &silent) == 0;
  }
  // What was typed too much is not for the shell.
  ~SilentTerminal() {
    if (is_silent_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool is_silent() const { return is_silent_; }

 private:
  const int terminal_;
  bool is_silent_ = false;
  termios before_{};
};

class Terminal {
 public:
  Terminal() : number_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {}
  ~Terminal() {
    if (number_ >= 0) ::close(number_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  enum class Typed { kBoth, kNothing, kNotUnseen, kStopped };

  // kStopped: this program was stopped meanwhile, and continued.
  Typed AskTwice(const std::string& name, std::string& first, std::string& second) const {
    const HeldSignals signals;
    const SilentTerminal silent(number_);
    if (!silent.is_silent()) return Typed::kNotUnseen;
    if (Ask(signals, "Password for " + name + ": ", first) &&
        Ask(signals, "The same again: ", second)) {
      return Typed::kBoth;
    }
    return caught == SIGTSTP ? Typed::kStopped : Typed::kNothing;
  }

 private:
  // false at the end of input and after a signal.
  bool Ask(const HeldSignals& signals, const std::string& question, std::string& line) const {
    Say(question);
    Wipe(line);
    line.reserve(kMostPasswordBytes + 1);  // Nothing of it is left behind where it would grow.
    char c = 0;
    while (signals.WaitToRead(number_) && ::read(number_, &c, 1) == 1 && c != '\n') {
      if (line.size() <= kMostPasswordBytes) line += c;
      c = 0;
    }
    Say("\n");
    return c == '\n';
  }
  void Say(const std::string& text) const {
    static_cast<void>(!::write(number_, text.data(), text.size()));
  }

  const int number_;
};

Result<std::string> Type(const std::string& name) {
  const Terminal terminal;
  std::string first, second;
  const Wiped wiped(second);
  Terminal::Typed typed = Terminal::Typed::kStopped;
  while (typed == Terminal::Typed::kStopped) typed = terminal.AskTwice(name, first, second);
  if (typed == Terminal::Typed::kBoth && first == second) return first;
  Wipe(first);
  if (typed == Terminal::Typed::kNotUnseen) {
    return Failed("is needed: there is no terminal that a password could be typed at unseen");
  }
  if (typed == Terminal::Typed::kNothing) return Failed("or a password is needed: none was typed");
  return Failed("is not needed, but the same password twice: these two differ");
}

}  // namespace

Result<std::string> ReadPassword(const std::string& file, const std::string& name) {
  if (file.empty() && ::isatty(STDIN_FILENO) == 1) return Type(name);
  Result<std::string> read = ReadFile(file.empty() ? "-" : file, kMostPasswordBytes + 2);
  if (!read.ok()) return read;
  std::string line = std::move(read).value();
  if (!line.empty() && line.back() == '\n') line.pop_back();
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.find('\n') == std::string::npos) return line;
  Wipe(line);
  return Failed("must hold one line, the password");
}

}  // namespace candor
