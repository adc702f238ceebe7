#include "native/state/set_aside.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/text.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr std::string_view kNew = "state.db.new-";
constexpr std::string_view kDamaged = "state.db.damaged-";
// The database last: without its log it would look whole, at an older state.
constexpr std::string_view kParts[] = {"-wal", "-shm", "-journal", ""};

// The numbers behind `prefix` among the names in the folder, parts of a database included.
std::vector<int> Numbers(const std::string& folder, std::string_view prefix) {
  std::vector<int> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::string name = at->path().filename().string();
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    name.erase(0, prefix.size());
    std::int64_t number = 0;
    const bool read = ParseDecimal(name.substr(0, name.find('-')), &number);
    if (read && number > 0 && number < 1'000'000) numbers.push_back(static_cast<int>(number));
  }
  return numbers;
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

}  // namespace

std::string DamagedName(int n) { return std::string(kDamaged) + std::to_string(n); }

int NextDamaged(const std::string& folder) {
  int last = 0;
  for (const int n : Numbers(folder, kDamaged)) last = std::max(last, n);
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

bool IsReplacing(const std::string& folder) { return !Numbers(folder, kNew).empty(); }

std::optional<Error> FinishReplacing(const std::string& folder) {
  for (const int n : Numbers(folder, kNew)) {
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
  const int last = NextDamaged(folder) - 1;
  for (const int n : Numbers(folder, kDamaged)) {
    if (n <= last - kKeptDamaged) RemoveDatabase(folder + '/' + DamagedName(n));
  }
  return std::nullopt;
}

void RemoveDamaged(const std::string& folder) noexcept try {
  for (const int n : Numbers(folder, kDamaged)) RemoveDatabase(folder + '/' + DamagedName(n));
} catch (...) {
  // Out of memory: the next time.
}

}  // namespace candor
