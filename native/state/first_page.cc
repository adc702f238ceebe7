#include "native/state/first_page.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr std::size_t kPage = 4096;  // SQLite's default, which new databases have.
// Places in the header (https://www.sqlite.org/fileformat.html section 1.3).
constexpr std::size_t kPageCount = 28;
constexpr std::size_t kFreePages = 32;  // The first of them, and their number.

class File {
 public:
  File(const std::string& path, int flags)
      : file_(open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC)) {}
  ~File() {
    if (file_ >= 0) close(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return file_ >= 0; }
  off_t Size() const {
    struct stat found {};
    return fstat(file_, &found) == 0 ? found.st_size : -1;
  }
  bool Read(std::array<char, kPage>& page, off_t at) const {
    page.fill(0);
    return pread(file_, page.data(), page.size(), at) >= 0;
  }
  bool Write(const std::array<char, kPage>& page, off_t at) const {
    return pwrite(file_, page.data(), page.size(), at) == static_cast<ssize_t>(page.size());
  }

 private:
  int file_;
};

void PutNumber(std::array<char, kPage>& page, std::size_t at, std::uint32_t number) {
  for (std::size_t i = 0; i < 4; ++i) page[at + i] = static_cast<char>(number >> (24 - 8 * i));
}

}  // namespace

std::optional<Error> PutUnderFirstPage(const std::string& fresh, const std::string& damaged) {
  const File from(damaged, O_RDONLY), to(fresh, O_RDWR);
  if (!from.is_open()) return FileError(damaged, "cannot be opened", errno);
  if (!to.is_open()) return FileError(fresh, "cannot be opened", errno);
  const off_t size = from.Size();
  const off_t page_size = static_cast<off_t>(kPage);
  if (size <= page_size) {
    return Error{ErrorCode::kCorrupt, "", "has nothing behind its first page", {}, damaged};
  }
  const off_t pages = (size + page_size - 1) / page_size;
  std::array<char, kPage> page{};
  if (!to.Read(page, 0)) return FileError(fresh, "cannot be read", errno);
  PutNumber(page, kPageCount, static_cast<std::uint32_t>(pages));
  PutNumber(page, kFreePages, 0);
  PutNumber(page, kFreePages + 4, 0);
  for (off_t i = 0; i < pages; ++i) {
    if (i > 0 && !from.Read(page, i * page_size)) {
      return FileError(damaged, "cannot be read", errno);
    }
    if (!to.Write(page, i * page_size)) return FileError(fresh, "cannot be written", errno);
  }
  return std::nullopt;
}

}  // namespace candor
