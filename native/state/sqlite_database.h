// One SQLite connection and its statements, with errors as the rest of Candor has them.
//
// Not thread-safe: SqliteStore holds a lock around every use. Nothing outside native/state's
// sqlite_* files sees SQLite.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

class Database {
 public:
  // An existing file (an empty one is an empty database). `path` has no symbolic link in it.
  // `settings` are pragmas for who wants it otherwise than a small state does.
  // Errors: kUnavailable, kCorrupt.
  static Result<std::unique_ptr<Database>> Open(const std::string& path, const char* settings = "");
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs statements that answer nothing of interest.
  std::optional<Error> Run(const char* sql, std::string_view doing);
  // What SQLite says about its last failure, while `doing` ("read the state").
  Error Failure(int code, std::string_view doing);
  // Has a write-ahead log from now on, also where several processes begin a new file's at once.
  // Errors: those of Run; kUnavailable where the file system cannot share memory.
  std::optional<Error> UseLog(std::string_view doing);
  // Moves all of the write-ahead log into the database and cuts it to nothing. false when others
  // are in the way.
  bool EmptyLog();
  // Whether the file was deleted or renamed since it was opened.
  bool IsGone();
  // Also when its first page says so, once that was read.
  bool IsReadOnly();
  // Leaves the files as they are when it is closed, for looking at what is damaged.
  void KeepFiles();
  // Some failure leaves the connection in doubt: it should be made anew.
  bool in_doubt() const { return in_doubt_; }

  sqlite3* handle() { return db_; }
  const std::string& path() const { return path_; }

 private:
  explicit Database(std::string path) : path_(std::move(path)) {}
  std::optional<Error> Configure(const char* settings);

  sqlite3* db_ = nullptr;
  std::string path_;
  bool in_doubt_ = false;
};

// One statement. The first failure stays; everything after it does nothing.
class Statement {
 public:
  // `doing` is borrowed for the statement's life.
  Statement(Database& database, std::string_view sql, std::string_view doing);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters in their order. Texts are borrowed until the statement ends.
  Statement& Bind(std::int64_t value);
  Statement& Bind(std::string_view text);
  Statement& BindBlob(std::string_view bytes);
  Statement& BindNull();

  // Back to before the first row, for other parameters; after a failure nothing happens.
  Statement& Again();
  // The next row; false at the end and after a failure.
  bool Row();
  // To the end, from before the first row. The error, if any.
  std::optional<Error> Run();
  // What stopped it before its end.
  std::optional<Error> error();

  std::int64_t Integer(int column) { return sqlite3_column_int64(statement_, column); }
  bool IsNull(int column) { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  // A text's or blob's bytes. Lack of memory is a failure.
  std::string Text(int column);

 private:
  void Note(int code);

  Database& database_;
  std::string_view doing_;
  sqlite3_stmt* statement_ = nullptr;
  int parameter_ = 0;
  std::optional<Error> error_;
};

// Rolled back when it is not committed.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };
  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Why it could not begin.
  const std::optional<Error>& error() const { return error_; }
  std::optional<Error> Commit();

 private:
  Database& database_;
  std::optional<Error> error_;
};

}  // namespace candor
