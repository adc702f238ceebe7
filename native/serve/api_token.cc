#include "native/serve/api_token.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "core/text.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kTokenFile[] = "api-token";
constexpr std::size_t kTokenBytes = 64;  // In hexadecimal.

std::string NewToken(Random& random) {
  std::array<std::uint8_t, kTokenBytes / 2> bits;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    const std::uint64_t some = random.Next();
    for (std::size_t j = 0; j < 8; ++j) bits[i + j] = static_cast<std::uint8_t>(some >> (8 * j));
  }
  return Hex(bits);
}

Error Unusable(ErrorCode code, std::string why, const std::string& path) {
  return {code, "", std::move(why), {}, path};
}

Result<std::string> ReadOpenToken(int file, const std::string& path) {
  struct stat status;
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) {
    return Unusable(ErrorCode::kUnavailable, "must be a file of the user that runs this", path);
  }
  if ((status.st_mode & 0077) != 0) {
    return Unusable(ErrorCode::kUnavailable,
                    "others may have read it; remove it, and a new one is made", path);
  }
  std::string text(kTokenBytes + 2, '\0');
  const ssize_t size = ::read(file, text.data(), text.size());
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  if (text.size() != kTokenBytes + 1 || text.back() != '\n' ||
      text.find_first_not_of("0123456789abcdef") != kTokenBytes) {
    return Unusable(ErrorCode::kCorrupt, "holds no token; remove it, and a new one is made", path);
  }
  text.pop_back();
  return text;
}

}  // namespace

std::string ApiTokenPath(const std::string& state_folder) {
  return state_folder + '/' + kTokenFile;
}

Result<std::string> LoadApiToken(const std::string& state_folder, Random& random) {
  const Result<std::string> folder = PrepareFolder(state_folder);
  if (!folder.ok()) return folder.problems();
  const std::string path = ApiTokenPath(folder.value());
  struct stat there;
  if (::lstat(path.c_str(), &there) != 0 && errno == ENOENT) {
    auto error = MakeSecretFile(folder.value(), kTokenFile, NewToken(random) + "\n");
    if (error) return std::move(*error);
  }
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return FileError(path, "cannot be opened", errno);
  Result<std::string> token = ReadOpenToken(file, path);
  ::close(file);
  return token;
}

}  // namespace candor
