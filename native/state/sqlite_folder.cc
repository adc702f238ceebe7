#include "native/state/sqlite_folder.h"

#include <cerrno>
#include <utility>

#include "native/state/sqlite_schema.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kDatabase[] = "state.db";
constexpr int kOpeningMs = 5000;

Error LockError(const std::string& folder, StateLock::Answer answer) {
  if (answer == StateLock::Answer::kFailed) {
    return FileError(folder + "/lock", "cannot be locked", errno);
  }
  return Error{
      ErrorCode::kUnavailable, "", "is being opened or repaired by another process", {}, folder};
}

}  // namespace

Result<OpenFolder> OpenStateFolder(const std::string& folder, Clock& clock) {
  static_cast<void>(clock);
  Result<std::string> real = PrepareFolder(folder);
  if (!real.ok()) return real.problems();
  OpenFolder opened;
  opened.folder = std::move(real).value();
  Result<std::unique_ptr<StateLock>> lock = StateLock::Open(opened.folder);
  if (!lock.ok()) return lock.problems();
  opened.lock = std::move(lock).value();
  using Place = StateLock::Place;
  using How = StateLock::How;
  StateLock::Answer answer = opened.lock->Wait(Place::kOpening, How::kAlone, kOpeningMs);
  if (answer == StateLock::Answer::kMine) {
    answer = opened.lock->Wait(Place::kInUse, How::kShared, kOpeningMs);
  }
  if (answer != StateLock::Answer::kMine) return LockError(opened.folder, answer);

  if (auto error = PrepareFile(opened.folder, kDatabase)) return std::move(*error);
  Result<std::unique_ptr<Database>> database = Database::Open(opened.folder + '/' + kDatabase);
  if (!database.ok()) return database.problems();
  opened.database = std::move(database).value();
  if (auto error = Migrate(*opened.database)) return std::move(*error);
  opened.lock->Release(Place::kOpening);
  return opened;
}

}  // namespace candor
