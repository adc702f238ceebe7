#include "native/cli/question.h"

#include <unistd.h>

#include <array>
#include <cstdio>

#include "core/text.h"
#include "native/cli/answer.h"

namespace candor {
namespace {

// More scrolls past unread.
constexpr std::size_t kMostShown = 64 * 1024;

bool IsYes(const std::string& answer) {
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

std::string ReadLine() {
  std::array<char, 256> line;
  if (std::fgets(line.data(), line.size(), stdin) == nullptr) return {};
  std::string text = line.data();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

bool CanAsk() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 &&
         ::isatty(STDERR_FILENO) == 1;
}

bool AskYes(const std::string& question) {
  std::fputs((question + " [y/N] ").c_str(), stderr);
  return IsYes(ReadLine());
}

bool AskAbout(const Candidate& candidate, const std::string& endpoint) {
  if (candidate.bytes.size() <= kMostShown) {
    Give(candidate.bytes);
  } else {
    Tell(
        "The report is too long to be shown here. `candor preview --if-granted -o FILE` with the "
        "same options writes it; it is this one if its SHA-256 is the one below.");
  }
  Tell("\nThese " + Decimal(static_cast<std::int64_t>(candidate.bytes.size())) +
       " bytes, SHA-256 " + candidate.digest +
       ",\nwould be the first report, and later ones like "
       "it would follow" +
       (endpoint.empty() ? "; no endpoint is configured yet." : ", to " + endpoint + "."));
  return AskYes("Do you agree?");
}

}  // namespace candor
