#include "native/state/set_aside.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "native/state/state_folder.h"
#include "native/state/state_mark.h"

namespace candor {
namespace {

constexpr std::string_view kNew = "state.db.new-";
constexpr std::string_view kDamaged = "state.db.damaged-";
constexpr std::string_view kMoved = "state.db.moved-";
// The database last: without its log it would look whole, at an older state.
constexpr std::string_view kParts[] = {"-wal", "-shm", "-journal", ""};

struct DirCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};

// The numbers behind `prefix` among the names in the folder, parts of a database included. Not by
// std::filesystem, which ends the program when memory runs out.
Result<std::vector<int>> Numbers(const std::string& folder, std::string_view prefix) {
  const std::unique_ptr<DIR, DirCloser> opened(opendir(folder.c_str()));
  if (!opened) return FileError(folder, "cannot be listed", errno);
  std::vector<int> numbers;
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(opened.get());
    if (entry == nullptr && errno != 0) return FileError(folder, "cannot be listed", errno);
    if (entry == nullptr) return numbers;
    std::string_view name = entry->d_name;
    if (name.substr(0, prefix.size()) != prefix) continue;
    name.remove_prefix(prefix.size());
    std::int64_t number = 0;
    const bool read = ParseDecimal(name.substr(0, name.find('-')), &number);
    if (read && number > 0 && number < 1'000'000) numbers.push_back(static_cast<int>(number));
  }
}

std::optional<Error> Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return std::nullopt;
  return FileError(from, "cannot be set aside as " + to, errno);
}

void RemoveDatabase(const std::string& path) noexcept try {
  for (const std::string_view part : kParts) unlink((path + std::string(part)).c_str());
} catch (...) {
  // Out of memory: the next time.
}

std::optional<Error> Sync(const std::string& folder) {
  if (SyncFolder(folder)) return std::nullopt;
  return FileError(folder, "cannot be written", errno);
}

// All but the newest.
void RemoveOldDamaged(const std::string& folder) {
  const Result<std::vector<int>> numbers = Numbers(folder, kDamaged);
  if (!numbers.ok() || numbers.value().empty()) return;
  const int last = *std::max_element(numbers.value().begin(), numbers.value().end());
  for (const int n : numbers.value()) {
    if (n <= last - kKeptDamaged) RemoveDatabase(folder + '/' + DamagedName(n));
  }
}

}  // namespace

std::string DamagedName(int n) { return std::string(kDamaged) + std::to_string(n); }

Result<int> NextDamaged(const std::string& folder) {
  const Result<std::vector<int>> numbers = Numbers(folder, kDamaged);
  if (!numbers.ok()) return numbers.problems();
  int last = 0;
  for (const int n : numbers.value()) last = std::max(last, n);
  return last + 1;
}

std::optional<Error> StartBuilding(const std::string& folder) {
  RemoveDatabase(folder + '/' + kBuildingName);
  return PrepareFile(folder, kBuildingName);
}

std::optional<Error> ReplaceWithBuilt(const std::string& folder, int n) {
  const std::string built = folder + '/' + kBuildingName;
  if (auto error = Sync(folder)) return error;
  const std::string ready = folder + '/' + std::string(kNew) + std::to_string(n);
  if (rename(built.c_str(), ready.c_str()) != 0) {
    return FileError(built, "cannot be renamed", errno);
  }
  if (auto error = Sync(folder)) return error;
  return FinishReplacing(folder);
}

Result<bool> IsReplacing(const std::string& folder) {
  const Result<std::vector<int>> numbers = Numbers(folder, kNew);
  if (!numbers.ok()) return numbers.problems();
  return !numbers.value().empty();
}

std::optional<Error> FinishReplacing(const std::string& folder) {
  const Result<std::vector<int>> ready_ones = Numbers(folder, kNew);
  if (!ready_ones.ok()) return ready_ones.error();
  for (const int n : ready_ones.value()) {
    const std::string path = folder + '/' + kDatabaseName;
    const std::string damaged = folder + '/' + DamagedName(n);
    for (const std::string_view part : kParts) {
      const std::string suffix(part);
      if (auto error = Rename(path + suffix, damaged + suffix)) return error;
    }
    const std::string ready = folder + '/' + std::string(kNew) + std::to_string(n);
    if (auto error = Rename(ready, path)) return error;
    if (auto error = Sync(folder)) return error;
  }
  RemoveOldDamaged(folder);
  return std::nullopt;
}

Result<std::string> PutMovedAway(const std::string& folder) {
  const Result<std::vector<int>> numbers = Numbers(folder, kMoved);
  if (!numbers.ok()) return numbers.problems();
  int last = 0;
  for (const int n : numbers.value()) last = std::max(last, n);
  const std::string name = std::string(kMoved) + std::to_string(last + 1);
  // Before the database: a new one would seem to lag behind it.
  RemoveMark(folder);
  for (const std::string_view part : kParts) {
    const std::string suffix(part);
    const std::string path = folder + '/' + kDatabaseName + suffix;
    if (auto error = Rename(path, folder + '/' + name + suffix)) return std::move(*error);
  }
  if (auto error = Sync(folder)) return std::move(*error);
  return name;
}

void RemoveDamaged(const std::string& folder) noexcept try {
  for (const std::string_view prefix : {kDamaged, kMoved}) {
    const Result<std::vector<int>> numbers = Numbers(folder, prefix);
    if (!numbers.ok()) continue;
    for (const int n : numbers.value()) {
      RemoveDatabase(folder + '/' + std::string(prefix) + std::to_string(n));
    }
  }
} catch (...) {
  // Out of memory: the next time.
}

}  // namespace candor
