#include "native/transport/http_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxFileBytes = 1024 * 1024;
constexpr std::size_t kMaxCredentialsBytes = 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::string Because(int error) {
  std::array<char, 128> buffer{};
  return std::string(": ") + strerror_r(error, buffer.data(), buffer.size());
}

// What is wrong with who may do what to the file, or "".
std::string CheckPrivate(const struct stat& file) {
  if (file.st_uid != geteuid() && file.st_uid != 0) {
    return "must belong to this user or to root, as it holds a secret";
  }
  // Where root owns it, its group is how another user can read it at all.
  const mode_t allowed = file.st_uid == 0 ? S_IRWXU | S_IRGRP : S_IRWXU;
  if ((file.st_mode & 07777 & ~allowed) != 0) {
    return "can be read or changed by others, and holds a secret; chmod 600 mends it";
  }
  return "";
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

Result<std::string> ReadWholeFile(const std::string& path, bool secret, const std::string& where) {
  const std::string name = Quotable(path, 200);
  // Not blocking, as a pipe of that name would keep us waiting for somebody who writes.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.number() < 0) {
    return Error{ErrorCode::kUnavailable, where, name + " cannot be opened" + Because(errno)};
  }
  struct stat status {};
  if (fstat(file.number(), &status) != 0) {
    return Error{ErrorCode::kUnavailable, where, name + " cannot be looked at" + Because(errno)};
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::kUnavailable, where, name + " is not a regular file"};
  }
  if (std::string wrong = secret ? CheckPrivate(status) : ""; !wrong.empty()) {
    return Error{ErrorCode::kOutOfRange, where, name + " " + wrong};
  }
  std::string text;
  std::array<char, 4096> block;
  for (;;) {
    const ssize_t size = read(file.number(), block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      return Error{ErrorCode::kUnavailable, where, name + " cannot be read" + Because(errno)};
    }
    if (size == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(size));
    if (text.size() > kMaxFileBytes) {
      return Error{ErrorCode::kOverLimit, where,
                   name + " is longer than " + Decimal(kMaxFileBytes) + " bytes"};
    }
  }
}

std::string CheckPemCertificates(const std::string& text) {
  const bool found = Has(text, "-----BEGIN CERTIFICATE-----") ||
                     Has(text, "-----BEGIN TRUSTED CERTIFICATE-----") ||
                     Has(text, "-----BEGIN X509 CERTIFICATE-----");
  return found ? "" : "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)";
}

std::string CheckPemKey(const std::string& text) {
  if (Has(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----") || Has(text, "Proc-Type: 4,ENCRYPTED")) {
    return "holds an encrypted key, and there is nobody to ask for its password; store it "
           "unencrypted in a file that only its owner can read";
  }
  return Has(text, "PRIVATE KEY-----") ? "" : "holds no private key in PEM form";
}

Result<ProxyCredentials> ReadProxyCredentials(const std::string& path, const std::string& where) {
  Result<std::string> read = ReadWholeFile(path, true, where);
  if (!read.ok()) return std::move(read).problems();
  std::string_view line = read.value();
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const bool control = std::any_of(line.begin(), line.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  const std::size_t colon = line.find(':');
  if (control || line.size() > kMaxCredentialsBytes || colon == line.npos || colon == 0) {
    return Error{ErrorCode::kOutOfRange, where,
                 Quotable(path, 200) + " must hold one line USER:PASSWORD of at most " +
                     Decimal(kMaxCredentialsBytes) + " bytes without control characters"};
  }
  return ProxyCredentials{std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))};
}

}  // namespace candor
