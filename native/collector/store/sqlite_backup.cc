#include "native/collector/store/sqlite_backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>

#include "native/state/sqlite_database.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kDoing[] = "back up the reports";

std::optional<Error> Copy(Database& from, Database& to) {
  sqlite3_backup* const backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) return to.Failure(sqlite3_errcode(to.handle()), kDoing);
  // All at once: it is of one moment, and who writes to the log meanwhile is not in its way.
  sqlite3_backup_step(backup, -1);
  const int code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) return to.Failure(code, kDoing);
  Statement check(to, "PRAGMA quick_check(1)", kDoing);
  if (check.Row() && check.Text(0) == "ok") return std::nullopt;
  if (check.error()) return check.error();
  return Error{ErrorCode::kCorrupt, "", "holds damage, and so does the copy", {}, from.path()};
}

std::optional<Error> CopyInto(const std::string& path, const std::string& part) {
  Result<std::unique_ptr<Database>> from = Database::Open(path);
  if (!from.ok()) return from.error();
  Result<std::unique_ptr<Database>> to = Database::Open(part);
  if (!to.ok()) return to.error();
  if (auto error = Copy(*from.value(), *to.value())) return error;
  // What its check made.
  if (to.value()->EmptyLog()) return std::nullopt;
  return Error{ErrorCode::kUnavailable, "", "cannot be made whole", {}, part};
}

}  // namespace

std::optional<Error> BackUpReports(const std::string& folder, const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code missing;
  const std::string path = (fs::canonical(folder, missing) / "reports.db").string();
  if (missing || ::access(path.c_str(), F_OK) != 0) {
    return Error{
        ErrorCode::kNotFound, "", "is not there: no collector kept anything here", {}, path};
  }
  const fs::path name = fs::path(file).filename();
  const fs::path beside = fs::canonical(fs::absolute(file).parent_path(), missing);
  if (missing || name.empty()) return FileError(file, "make the backup", ENOENT);
  const std::string whole = beside / name, part = whole + ".part";
  if (fs::exists(whole)) return Error{ErrorCode::kConflict, "", "is there already", {}, file};
  for (const char* more : {"", "-wal", "-shm"}) ::unlink((part + more).c_str());
  const int made = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) return FileError(part, "make the backup", errno);
  ::close(made);
  std::optional<Error> error = CopyInto(path, part);
  const int copy = error ? -1 : ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
  if (!error && (copy < 0 || ::fsync(copy) != 0)) {
    error = FileError(part, "make the backup durable", errno);
  }
  if (copy >= 0) ::close(copy);
  if (!error && ::rename(part.c_str(), whole.c_str()) != 0) {
    error = FileError(whole, "name the backup", errno);
  }
  if (!error && !SyncFolder(beside)) error = FileError(whole, "make the backup durable", errno);
  if (error) ::unlink(part.c_str());
  return error;
}

}  // namespace candor
