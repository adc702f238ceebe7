#include "native/base/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "core/text.h"

namespace candor {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : number_(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ > STDIN_FILENO) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error Unreadable(const std::string& path, int reason) {
  return {ErrorCode::kBadRequest,
          "",
          "cannot be read: " + std::generic_category().message(reason),
          {},
          path};
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, std::size_t most_bytes) {
  const Descriptor file(path);
  if (file.number() < 0) return Unreadable(path, errno);
  std::string text;
  std::array<char, 65536> block;
  while (text.size() <= most_bytes) {
    const ssize_t count = read(file.number(), block.data(), block.size());
    if (count == 0) break;
    if (count > 0) {
      text.append(block.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return Unreadable(path, errno);
    }
  }
  if (text.size() > most_bytes) {
    return Error{ErrorCode::kOverLimit,
                 "",
                 "is longer than " + Decimal(static_cast<std::int64_t>(most_bytes)) + " bytes",
                 {},
                 path};
  }
  return text;
}

}  // namespace candor
