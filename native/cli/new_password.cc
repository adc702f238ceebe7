#include "native/cli/new_password.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <utility>

#include "native/admin/secrets.h"
#include "native/cli/answer.h"

namespace candor {
namespace {

// More than any password may have; what is wrong with one is for Accounts to say.
constexpr std::size_t kMostBytes = 4096;

// What is typed is not shown.
class WithoutEcho {
 public:
  WithoutEcho() : known_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!known_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~WithoutEcho() {
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  WithoutEcho(const WithoutEcho&) = delete;
  WithoutEcho& operator=(const WithoutEcho&) = delete;

 private:
  termios before_{};
  bool known_;
};

Result<std::string> ReadLine() {
  std::string line;
  line.reserve(kMostBytes);
  int byte = EOF;
  while ((byte = std::getc(stdin)) != EOF && byte != '\n') {
    if (line.size() == kMostBytes) {
      return Error{ErrorCode::kOverLimit, "standard input", "the password's line is too long"};
    }
    line.push_back(static_cast<char>(byte));
  }
  if (byte == EOF && line.empty()) {
    return Error{ErrorCode::kUnavailable, "standard input", "has no password; give it as one line"};
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

Result<std::string> Ask(const char* question) {
  std::fputs(question, stderr);
  const WithoutEcho silent;
  Result<std::string> line = ReadLine();
  std::fputs("\n", stderr);
  return line;
}

}  // namespace

Result<std::string> ReadNewPassword() {
  if (::isatty(STDIN_FILENO) != 1) return ReadLine();
  Result<std::string> once = Ask("Password: ");
  if (!once.ok()) return once;
  Result<std::string> twice = Ask("Once more: ");
  if (!twice.ok()) return twice;
  std::string again = std::move(twice).value();
  const Wiped wiped(again);
  if (again != once.value()) {
    return Error{ErrorCode::kConflict, "standard input", "the two passwords are not the same"};
  }
  return once;
}

}  // namespace candor
