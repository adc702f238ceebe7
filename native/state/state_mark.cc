#include "native/state/state_mark.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "core/sha256.h"
#include "core/text.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kName[] = "latest";
constexpr std::string_view kMagic = "candor 1";
constexpr std::size_t kMostBytes = 512;

// "candor 1 <revision> <seq> <hash> <sum of all before it> LF"; "-" for the hash of no entry.
std::string Written(const Mark& mark) {
  std::string text(kMagic);
  text.append(" ").append(Decimal(mark.revision)).append(" ").append(Decimal(mark.head.seq));
  text.append(" ").append(mark.head.hash.empty() ? "-" : mark.head.hash).append(" ");
  return text + Sha256Hex(text) + '\n';
}

std::string_view NextWord(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

}  // namespace

std::optional<Mark> ReadMark(const std::string& folder) {
  const std::string path = folder + '/' + kName;
  const int file = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  std::array<char, kMostBytes> bytes{};
  const ssize_t size = pread(file, bytes.data(), bytes.size(), 0);
  close(file);
  if (size <= 0) return std::nullopt;
  const std::string_view all(bytes.data(), static_cast<std::size_t>(size));
  const std::string_view line = all.substr(0, all.find('\n') + 1);
  std::string_view rest = line;
  if (rest.substr(0, kMagic.size() + 1) != std::string(kMagic) + ' ') return std::nullopt;
  rest.remove_prefix(kMagic.size() + 1);
  Mark mark;
  if (!ParseDecimal(NextWord(rest), &mark.revision)) return std::nullopt;
  if (!ParseDecimal(NextWord(rest), &mark.head.seq)) return std::nullopt;
  mark.head.hash = NextWord(rest);
  if (mark.head.hash == "-") mark.head.hash.clear();
  if (line != Written(mark)) return std::nullopt;
  return mark;
}

void WriteMark(const std::string& folder, const Mark& mark) noexcept try {
  const std::string path = folder + '/' + kName;
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return;
  // What a longer line leaves behind its own end is not read.
  const std::string text = Written(mark);
  ssize_t written = 0;
  do {
    written = pwrite(file, text.data(), text.size(), 0);
  } while (written < 0 && errno == EINTR);
  close(file);
} catch (...) {
  // Out of memory: the mark lags.
}

void RemoveMark(const std::string& folder) noexcept try {
  unlink((folder + '/' + kName).c_str());
} catch (...) {
  // Out of memory: a later state that lags behind it is repaired.
}

MarkWatch::MarkWatch(const std::string& folder) : path_(folder + '/' + kName) {
  if (PrepareFile(folder, kName)) return;
  descriptor_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor_ >= 0 && !Add()) {
    close(descriptor_);
    descriptor_ = -1;
  }
}

MarkWatch::~MarkWatch() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool MarkWatch::Add() {
  return inotify_add_watch(descriptor_, path_.c_str(), IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF) >=
         0;
}

void MarkWatch::Drain() {
  if (descriptor_ < 0) return;
  alignas(inotify_event) std::array<char, 4096> buffer{};
  ssize_t size = 0;
  bool gone = false;
  while ((size = read(descriptor_, buffer.data(), buffer.size())) > 0) {
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      gone = gone || (event.mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
      at += sizeof(event) + event.len;
    }
  }
  // Another file has its place now, or will have it: then the next change may go unseen, no worse
  // than without a descriptor.
  if (gone) Add();
}

}  // namespace candor
