#include "native/serve/facts_shelf.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "core/json_writer.h"
#include "core/text.h"
#include "native/serve/facts_folder.h"
#include "native/state/replaced_file.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr std::string_view kEnding = ".json";

struct Holding {
  std::size_t files = 0, bytes = 0;  // Without the one that is asked about.
};

Holding HoldingBeside(const std::string& folder, const std::string& path) {
  Holding holding;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::filesystem::path& other = at->path();
    if (other == path || other.extension() != kEnding) continue;
    std::error_code ignored;
    ++holding.files;
    const std::uintmax_t size = at->file_size(ignored);
    if (!ignored) holding.bytes += size;
  }
  return holding;
}

std::optional<Error> CheckRoom(const Holding& beside, std::size_t size) {
  if (size > kMaxFactFileBytes) {
    return Error{ErrorCode::kOverLimit, "", "is longer than 1 MiB"};
  }
  if (beside.files >= kMaxFactFiles) {
    return Error{ErrorCode::kUnavailable, "", "there are 256 others already; delete one first"};
  }
  if (beside.bytes + size > kMaxShelfBytes) {
    return Error{ErrorCode::kUnavailable, "", "all facts together would be longer than 16 MiB"};
  }
  return std::nullopt;
}

}  // namespace

bool FactsShelf::IsName(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 64 && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || c == '.' || c == '_' || c == '-'; });
}

Result<bool> FactsShelf::Put(const std::string& name, std::string_view document) const {
  const Result<JsonValue> values = ParseFactValues(document);
  if (!values.ok()) return values.problems();
  const Result<std::string> folder = PrepareFolder(folder_);
  if (!folder.ok()) return folder.problems();
  const std::string path = PathOf(name);
  if (auto error = CheckRoom(HoldingBeside(folder_, path), document.size())) return *error;
  const bool is_new = ::access(path.c_str(), F_OK) != 0;
  if (auto error = ReplaceFile(folder_, name + std::string(kEnding), document)) return *error;
  return is_new;
}

Problems FactsShelf::Remove(const std::string& name) const {
  Problems problems;
  const std::string path = PathOf(name);
  if (::unlink(path.c_str()) != 0) {
    problems.Add(errno == ENOENT || errno == ENOTDIR
                     ? Error{ErrorCode::kNotFound, "", "there are no facts \"" + name + '"'}
                     : FileError(path, "cannot be removed", errno));
  } else if (!SyncFolder(folder_)) {
    problems.Add(FileError(folder_, "cannot be written", errno));
  }
  return problems;
}

Result<std::string> FactsShelf::Get(const std::string& name) const {
  if (::access(PathOf(name).c_str(), F_OK) != 0) {
    return Error{ErrorCode::kNotFound, "", "there are no facts \"" + name + '"'};
  }
  return ReadFactFile(PathOf(name));
}

std::string FactsShelf::ListJson() const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_, error), end;
       !error && at != end && names.size() < kMaxFactFiles; at.increment(error)) {
    const std::string name = at->path().stem().string();
    if (at->path().extension() == kEnding && IsName(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("facts");
    writer.BeginObject();
    for (const std::string& name : names) {
      const Result<std::string> document = ReadFactFile(PathOf(name));
      if (!document.ok()) continue;
      const Result<JsonValue> values = ParseFactValues(document.value());
      if (!values.ok()) continue;
      writer.Key(name);
      writer.BeginObject();
      writer.Key("values");
      writer.Value(values.value());
      writer.EndObject();
    }
    writer.EndObject();
  });
}

}  // namespace candor
