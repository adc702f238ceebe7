#include "native/admin/accounts/admin_database.h"

#include <iterator>
#include <utility>

#include "core/text.h"
#include "native/base/secrets.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

// Each makes the version after it, counted from 1. Append only: files of every version are around.
constexpr const char* kMigrations[] = {
    // `generation`: what the next account or password gets, so that none is ever given twice. The
    // head of the audit's chain stands here, for a chain cannot tell that its end was cut off.
    "CREATE TABLE store("
    " id INTEGER PRIMARY KEY CHECK(id = 1), key BLOB NOT NULL CHECK(length(key) = 32),"
    " generation INTEGER NOT NULL, audit_seq INTEGER NOT NULL, audit_hash TEXT NOT NULL) STRICT;"
    // `folded`: the name without its case. `generation`: another one with every password and role.
    "CREATE TABLE accounts("
    " folded TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " role TEXT NOT NULL CHECK(role IN ('viewer', 'superuser')), password TEXT NOT NULL,"
    " generation INTEGER NOT NULL, created_ms INTEGER NOT NULL, last_ms INTEGER) STRICT;"
    // `id`: SHA-256 of the token, hexadecimal. Times of two clocks, see sessions.cc.
    "CREATE TABLE sessions("
    " id TEXT PRIMARY KEY, folded TEXT NOT NULL, generation INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, boot TEXT NOT NULL,"
    " created_boot_ms INTEGER NOT NULL, seen_boot_ms INTEGER NOT NULL,"
    " ended INTEGER NOT NULL) STRICT;"
    "CREATE INDEX sessions_of ON sessions(folded);"
    // Where an account was signed in to before, as a keyed hash.
    "CREATE TABLE places("
    " folded TEXT NOT NULL, place TEXT NOT NULL, last_ms INTEGER NOT NULL,"
    " PRIMARY KEY(folded, place)) STRICT;"
    "CREATE TABLE audit("
    " seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,"
    " hash TEXT NOT NULL) STRICT;"
    "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;"
    "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;"
    // REPLACE deletes without the trigger above.
    "CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit"
    " WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)"
    " BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;",
};
constexpr std::int64_t kVersion = std::size(kMigrations);

Result<std::int64_t> ReadVersion(Database& database) {
  Statement version(database, "PRAGMA user_version", "read the version of the accounts");
  const std::int64_t found = version.Row() ? version.Integer(0) : 0;
  if (auto error = version.error()) return std::move(*error);
  if (found < 0 || found > kVersion) {
    return Error{ErrorCode::kOutOfRange,
                 "",
                 "was made by a later version of Candor (schema " + Decimal(found) +
                     ", this one knows " + Decimal(kVersion) + "): use that version",
                 {},
                 database.path()};
  }
  return found;
}

std::optional<Error> MakeStoreRow(Database& database, Random& random) {
  std::string key = RandomSecret(random);
  const Wiped wiped(key);
  return Statement(database, "INSERT INTO store VALUES(1, ?, 1, 0, '')", "make the accounts")
      .BindBlob(key)
      .Run();
}

std::optional<Error> Migrate(Database& database, Random& random) {
  if (auto error = database.UseLog("prepare the accounts' log")) return error;
  Result<std::int64_t> version = ReadVersion(database);
  if (!version.ok()) return version.error();
  if (version.value() == kVersion) return std::nullopt;

  Transaction transaction(database, Transaction::Kind::kWrite);
  if (transaction.error()) return transaction.error();
  // Again under the lock: another process may have done it meanwhile.
  version = ReadVersion(database);
  if (!version.ok()) return version.error();
  for (std::int64_t from = version.value(); from < kVersion; ++from) {
    if (auto error = database.Run(kMigrations[from], "make the tables of accounts")) return error;
  }
  if (version.value() == 0) {
    if (auto error = MakeStoreRow(database, random)) return error;
  }
  const std::string stamp = "PRAGMA user_version=" + Decimal(kVersion);
  if (auto error = database.Run(stamp.c_str(), "mark the version of the accounts")) return error;
  return transaction.Commit();
}

Result<std::string> ReadKey(Database& database) {
  Statement read(database, "SELECT key FROM store WHERE id = 1", "read the accounts");
  std::string key = read.Row() ? read.Text(0) : std::string();
  if (auto error = read.error()) return std::move(*error);
  if (key.size() == kSecretBytes) return key;
  return Error{ErrorCode::kCorrupt,
               "",
               "holds no key: restore it from a backup, or remove it and "
               "make the accounts anew with `candor user add`",
               {},
               database.path()};
}

}  // namespace

AdminDatabase::AdminDatabase(std::string folder, Random& random)
    : folder_(std::move(folder)), path_(folder_ + '/' + kAdminDatabaseName), random_(random) {}

AdminDatabase::~AdminDatabase() { Wipe(key_); }

Result<std::unique_ptr<AdminDatabase>> AdminDatabase::Open(const std::string& state_folder,
                                                           Random& random) {
  Result<std::string> folder = PrepareFolder(state_folder);
  if (!folder.ok()) return std::move(folder).problems();
  std::unique_ptr<AdminDatabase> made(new AdminDatabase(std::move(folder).value(), random));
  const std::lock_guard<std::mutex> lock(made->mutex_);
  if (auto error = made->Prepare()) return std::move(*error);
  return made;
}

std::optional<Error> AdminDatabase::Prepare() {
  if (database_ != nullptr && !database_->in_doubt() && !database_->IsGone()) return std::nullopt;
  database_ = nullptr;
  if (auto error = PrepareFile(folder_, kAdminDatabaseName)) return error;
  Result<std::unique_ptr<Database>> opened = Database::Open(path_);
  if (!opened.ok()) return opened.error();
  if (auto error = Migrate(*opened.value(), random_)) return error;
  Result<std::string> key = ReadKey(*opened.value());
  if (!key.ok()) return key.error();
  Wipe(key_);
  key_ = std::move(key).value();
  database_ = std::move(opened).value();
  return std::nullopt;
}

std::optional<Error> AdminDatabase::Do(Transaction::Kind kind, const Work& work) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (auto error = Prepare()) return error;
  Transaction transaction(*database_, kind);
  if (transaction.error()) return transaction.error();
  if (auto error = work({*database_, key_})) return error;
  return transaction.Commit();
}

std::optional<Error> AdminDatabase::Read(const Work& work) {
  return Do(Transaction::Kind::kRead, work);
}

std::optional<Error> AdminDatabase::Write(const Work& work) {
  return Do(Transaction::Kind::kWrite, work);
}

}  // namespace candor
