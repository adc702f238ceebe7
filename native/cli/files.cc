#include "native/cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/catalogue.h"

namespace candor {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{1} << 30;

struct Closer {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

bool IsRegularOrNew(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode);
}

}  // namespace

bool ReadInput(const std::string& path, std::string* bytes, std::string* error) {
  const std::unique_ptr<std::FILE, Closer> file(path == "-" ? stdin
                                                            : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    *error = path + ": " + std::strerror(errno);
    return false;
  }
  char block[64 * 1024];
  while (const std::size_t size = std::fread(block, 1, sizeof block, file.get())) {
    if (bytes->size() + size > kMaxInputBytes) {
      *error = path + ": has more than 1 GiB";
      return false;
    }
    bytes->append(block, size);
  }
  if (std::ferror(file.get()) != 0) {
    *error = path + ": " + std::strerror(errno);
    return false;
  }
  return true;
}

bool IsCatalogueFile(const std::string& name_or_path) {
  if (FindBuiltInCatalogue(name_or_path) != nullptr) return false;
  return name_or_path.find_first_of("./") != std::string::npos || name_or_path == "-" ||
         ::access(name_or_path.c_str(), F_OK) == 0;
}

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {}

OutputFile::~OutputFile() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::Open() {
  if (path_.empty() || path_ == "-") {
    file_ = stdout;
  } else if (!IsRegularOrNew(path_)) {
    file_ = std::fopen(path_.c_str(), "wb");
  } else {
    temporary_ = path_ + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary_.data(), O_CLOEXEC);
    if (descriptor >= 0) {
      file_ = ::fdopen(descriptor, "wb");
    } else {
      temporary_.clear();
    }
  }
  if (file_ == nullptr) failed_ = errno;
}

void OutputFile::Write(std::string_view bytes) {
  if (file_ == nullptr && failed_ == 0) Open();
  if (failed_ != 0) return;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) failed_ = errno;
}

bool OutputFile::Commit(std::string* error) {
  if (file_ == nullptr && failed_ == 0) Open();
  if (failed_ == 0 && std::fflush(file_) != 0) failed_ = errno;
  if (failed_ == 0 && !temporary_.empty()) {
    // mkostemp makes private files; the umask decides as for any other file.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(::fileno(file_), 0666 & ~mask) != 0 || ::fsync(::fileno(file_)) != 0 ||
        ::rename(temporary_.c_str(), path_.c_str()) != 0) {
      failed_ = errno;
    } else {
      temporary_.clear();
    }
  }
  if (failed_ == 0) return true;
  *error = (path_.empty() ? "standard output" : path_) + ": " + std::strerror(failed_);
  return false;
}

}  // namespace candor
