// <state folder>/admin.db: accounts, sessions and the audit, in a file of their own beside the
// state.
//
// Several processes may have it open, a server and commands. Safe from any thread: one piece of
// work at a time. A file that was damaged is never replaced here, for it says who may do what; one
// that was removed is made anew, empty.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/result.h"
#include "native/base/random.h"
#include "native/state/sqlite_database.h"

namespace candor {

inline constexpr char kAdminDatabaseName[] = "admin.db";

// What work sees.
struct AdminTables {
  Database& database;
  const std::string& key;  // 32 bytes, this store's own: for keyed hashes.
};

class AdminDatabase {
 public:
  // Makes the folder and the file where they are missing. Errors: those of PrepareFolder and
  // PrepareFile; kUnavailable; kCorrupt; kOutOfRange (made by a later version).
  static Result<std::unique_ptr<AdminDatabase>> Open(const std::string& state_folder,
                                                     Random& random);
  ~AdminDatabase();
  AdminDatabase(const AdminDatabase&) = delete;
  AdminDatabase& operator=(const AdminDatabase&) = delete;

  using Work = std::function<std::optional<Error>(const AdminTables&)>;
  // Sees one moment of all tables. The work's error, or the database's.
  std::optional<Error> Read(const Work& work);
  // All that the work does is durable, or nothing of it is and there is an error.
  std::optional<Error> Write(const Work& work);

  const std::string& path() const { return path_; }

 private:
  AdminDatabase(std::string folder, Random& random);
  std::optional<Error> Prepare();  // REQUIRES: mutex_.
  std::optional<Error> Do(Transaction::Kind kind, const Work& work);

  const std::string folder_, path_;
  Random& random_;
  std::mutex mutex_;  // Of all below.
  std::unique_ptr<Database> database_;
  std::string key_;
};

}  // namespace candor
