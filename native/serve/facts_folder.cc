#include "native/serve/facts_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "core/facts.h"
#include "core/json_reader.h"
#include "core/text.h"

namespace candor {
namespace {

Error Unusable(std::string why) { return {ErrorCode::kUnavailable, "", std::move(why)}; }

// What is wrong with the file itself, or "".
std::string CheckFile(int file) {
  struct stat status;
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return "is no regular file";
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return "belongs to another user than this one and root";
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return "can be changed by others; chmod go-w mends it";
  }
  if (status.st_size > static_cast<off_t>(kMaxFactFileBytes)) return "is longer than 1 MiB";
  return "";
}

Result<std::string> ReadOpen(int file) {
  if (std::string why = CheckFile(file); !why.empty()) return Unusable(std::move(why));
  std::string text(kMaxFactFileBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t more = ::read(file, text.data() + size, text.size() - size);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return Unusable("cannot be read");
    if (more == 0) break;
    size += static_cast<std::size_t>(more);
  }
  if (size > kMaxFactFileBytes) return Unusable("is longer than 1 MiB");
  text.resize(size);
  return text;
}

void LayOver(const JsonValue& value, const std::string& pointer, FactsDraft& facts) {
  if (!value.is_object() || value.members().empty()) {
    if (!pointer.empty()) facts.Put(pointer, value);
    return;
  }
  for (const JsonMember& member : value.members()) {
    LayOver(member.value, pointer + PointerStep(member.key), facts);
  }
}

Result<std::vector<std::string>> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::string name = at->path().filename().string();
    if (name.starts_with('.') || !name.ends_with(".json")) continue;
    if (names.size() == kMaxFactFiles) {
      return Error{ErrorCode::kOverLimit, "", "holds more than 256 files"};
    }
    names.push_back(std::move(name));
  }
  if (error) return Unusable("cannot be read: " + error.message());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Result<JsonValue> ParseFactValues(std::string_view document) {
  const Result<Facts> facts = ParseFacts(document);
  if (!facts.ok()) return facts.problems();
  if (facts.value().license_key || facts.value().collected_at || !facts.value().usage.empty() ||
      !facts.value().scrapes.empty()) {
    return Error{ErrorCode::kUnknownKey, "", "may hold \"values\" only"};
  }
  return facts.value().values == nullptr ? JsonValue::Object() : *facts.value().values;
}

Result<std::string> ReadFactFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return Unusable(errno == ELOOP ? "is a symbolic link" : "cannot be opened");
  Result<std::string> text = ReadOpen(file);
  ::close(file);
  return text;
}

Problems FactsFolder::AddTo(FactsDraft& facts) {
  Problems problems;
  if (path_.empty()) return problems;
  if (may_be_missing_ && ::access(path_.c_str(), F_OK) != 0) return problems;
  Result<std::vector<std::string>> names = NamesIn(path_);
  if (!names.ok()) {
    problems = std::move(names).problems();
    problems.SetSource(path_);
  } else {
    std::map<std::string, JsonValue> now;
    for (const std::string& name : names.value()) {
      const Result<std::string> text = ReadFactFile(path_ + "/" + name);
      Result<JsonValue> values = text.ok() ? ParseFactValues(text.value()) : text.problems();
      if (values.ok()) {
        now[name] = std::move(values).value();
        continue;
      }
      Problems found = std::move(values).problems();
      found.SetSource(path_ + "/" + Quotable(name, 200));
      problems.AddAll(std::move(found));
      if (const auto before = values_.find(name); before != values_.end()) {
        now[name] = std::move(before->second);
      }
    }
    values_ = std::move(now);
  }
  for (const auto& [name, values] : values_) LayOver(values, "", facts);
  return problems;
}

}  // namespace candor
