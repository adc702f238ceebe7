#include "native/state/sqlite_database.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace candor {
namespace {

constexpr int kBusyMs = 2000;
// Larger than any report; a damaged length must not ask for gigabytes.
constexpr int kMaxValueBytes = 256 << 20;

constexpr char kPragmas[] =
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA secure_delete=ON;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA fullfsync=ON;"
    "PRAGMA checkpoint_fullfsync=ON;"
    // A file that somebody truncates must end in an error, not in a signal.
    "PRAGMA mmap_size=0;"
    // After every change: a flipped bit in the log takes all behind it along, so it is kept short.
    "PRAGMA wal_autocheckpoint=1;"
    "PRAGMA journal_size_limit=1048576;";

constexpr int kMostTries = 200;
constexpr std::chrono::milliseconds kBetweenTries{10};

// Our SQL is fixed, so a statement that cannot be compiled or run means another schema than ours.
bool MeansDamage(int code) {
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
      return true;
    default:
      return code == SQLITE_IOERR_CORRUPTFS;
  }
}

bool LeavesDoubt(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return false;
    default:
      return true;
  }
}

}  // namespace

Result<std::unique_ptr<Database>> Database::Open(const std::string& path, const char* settings) {
  std::unique_ptr<Database> database(new Database(path));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  const int opened = sqlite3_open_v2(path.c_str(), &database->db_, flags, nullptr);
  if (opened != SQLITE_OK) return database->Failure(opened, "open the state");
  if (auto error = database->Configure(settings)) return std::move(*error);
  return database;
}

Database::~Database() { sqlite3_close(db_); }

std::optional<Error> Database::Configure(const char* settings) {
  sqlite3_busy_timeout(db_, kBusyMs);
  sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
  sqlite3_limit(db_, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (IsReadOnly()) {
    return Error{ErrorCode::kUnavailable,
                 "",
                 "cannot be written: the file or its disk is read-only",
                 {},
                 path_};
  }
  if (auto error = Run(kPragmas, "prepare the state")) return error;
  return Run(settings, "prepare the database");
}

std::optional<Error> Database::Run(const char* sql, std::string_view doing) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return std::nullopt;
  return Failure(code, doing);
}

Error Database::Failure(int code, std::string_view doing) {
  in_doubt_ = in_doubt_ || LeavesDoubt(code);
  std::string message = "cannot ";
  message.append(doing).append(": ").append(sqlite3_errstr(code));
  if (db_ != nullptr && sqlite3_extended_errcode(db_) == code) {
    message.append(" (").append(sqlite3_errmsg(db_)).append(")");
  }
  message.append(", SQLite's code ").append(std::to_string(code));
  const int reason = db_ == nullptr ? 0 : sqlite3_system_errno(db_);
  const bool of_disk = (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN;
  if (of_disk && reason != 0) {
    message.append(", ").append(std::generic_category().message(reason));
  }
  return Error{MeansDamage(code) ? ErrorCode::kCorrupt : ErrorCode::kUnavailable,
               "",
               std::move(message),
               {},
               path_};
}

// SQLite does not wait where several processes begin the log of a new file at once.
std::optional<Error> Database::UseLog(std::string_view doing) {
  for (int tries = 1;; ++tries) {
    Statement mode(*this, "PRAGMA journal_mode=WAL", doing);
    const bool is_wal = mode.Row() && mode.Text(0) == "wal";
    if (is_wal) return std::nullopt;
    const bool busy = mode.error() && (sqlite3_errcode(db_) & 0xFF) == SQLITE_BUSY;
    if (busy && tries < kMostTries) {
      std::this_thread::sleep_for(kBetweenTries);
      continue;
    }
    if (mode.error()) return mode.error();
    return Error{ErrorCode::kUnavailable,
                 "",
                 "cannot have a write-ahead log here: it needs a local file system",
                 {},
                 path_};
  }
}

bool Database::EmptyLog() {
  return sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) ==
         SQLITE_OK;
}

bool Database::IsGone() {
  int gone = 0;
  const int asked = sqlite3_file_control(db_, "main", SQLITE_FCNTL_HAS_MOVED, &gone);
  return asked == SQLITE_OK && gone != 0;
}

bool Database::IsReadOnly() { return sqlite3_db_readonly(db_, "main") == 1; }

void Database::KeepFiles() { sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

Statement::Statement(Database& database, std::string_view sql, std::string_view doing)
    : database_(database), doing_(doing) {
  Note(sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &statement_,
                          nullptr));
}

Statement& Statement::Again() {
  if (error_) return *this;
  // What it says was noted when the step failed.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  parameter_ = 0;
  return *this;
}

Statement& Statement::Bind(std::int64_t value) {
  if (!error_) Note(sqlite3_bind_int64(statement_, ++parameter_, value));
  return *this;
}

Statement& Statement::Bind(std::string_view text) {
  if (!error_) {
    Note(sqlite3_bind_text64(statement_, ++parameter_, text.data(), text.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
  }
  return *this;
}

Statement& Statement::BindBlob(std::string_view bytes) {
  if (!error_) {
    Note(sqlite3_bind_blob64(statement_, ++parameter_, bytes.data(), bytes.size(), SQLITE_STATIC));
  }
  return *this;
}

Statement& Statement::BindNull() {
  if (!error_) Note(sqlite3_bind_null(statement_, ++parameter_));
  return *this;
}

bool Statement::Row() {
  if (error_) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Note(code);
  return false;
}

std::optional<Error> Statement::Run() {
  while (Row()) {
  }
  return error_;
}

std::optional<Error> Statement::error() { return error_; }

std::string Statement::Text(int column) {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr && sqlite3_errcode(database_.handle()) == SQLITE_NOMEM) Note(SQLITE_NOMEM);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Statement::Note(int code) {
  if (code != SQLITE_OK && !error_) error_ = database_.Failure(code, doing_);
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  error_ = kind == Kind::kWrite ? database.Run("BEGIN IMMEDIATE", "begin a change of the state")
                                : database.Run("BEGIN", "begin to read the state");
}

Transaction::~Transaction() {
  if (sqlite3_get_autocommit(database_.handle()) == 0) {
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

std::optional<Error> Transaction::Commit() { return database_.Run("COMMIT", "write the state"); }

}  // namespace candor
