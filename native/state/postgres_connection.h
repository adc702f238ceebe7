// One PostgreSQL connection, with errors as the rest of Candor has them, that never waits for
// longer than it was told to.
//
// Not thread-safe: PostgresStore holds a lock around every use; only Patience may be used from
// other threads. Nothing outside native/state's postgres_* files sees libpq.
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace candor {

// How long anything may take, and that it may be told to hurry while it waits.
class Patience {
 public:
  explicit Patience(std::int64_t statement_ms = kStatementMs);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  // From now on nothing takes longer than until then. From any thread.
  void Hurry(std::int64_t grace_ms) noexcept;
  // Waits for `events` on `descriptor`, at most statement_ms from `began_boot_ms`. false when time
  // is up.
  bool Wait(int descriptor, short events, std::int64_t began_boot_ms) const;

  static constexpr std::int64_t kStatementMs = 5'000;

 private:
  const std::int64_t statement_ms_;
  std::atomic<std::int64_t> hurry_until_boot_ms_;
  int event_;
};

// What a statement answered.
class PostgresRows {
 public:
  explicit PostgresRows(PGresult* result) : result_(result, PQclear) {}

  int size() const { return PQntuples(result_.get()); }
  // Rows that were inserted or updated.
  std::int64_t changed() const;
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string Text(int row, int column) const;
  std::int64_t Integer(int row, int column) const;
  std::uint64_t Unsigned(int row, int column) const;
  // Of a bytea in its text form.
  std::string Bytes(int row, int column) const;

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

// A parameter; the text is borrowed for the call.
struct PostgresValue {
  PostgresValue(std::string_view borrowed) : text(borrowed) {}
  PostgresValue(const std::string& borrowed) : text(borrowed) {}
  PostgresValue(const char* borrowed) : text(borrowed) {}
  PostgresValue(std::int64_t number) : own(std::to_string(number)) {}
  static PostgresValue Bytes(std::string_view bytes);
  static PostgresValue Null();

  std::optional<std::string_view> text;
  std::string own;  // When `text` is nothing and `is_null` false.
  bool is_null = false, is_binary = false;
};

// What WhyNoConninfo says, as kBadRequest.
std::optional<Error> CheckConninfo(const std::string& conninfo);

class PostgresConnection {
 public:
  // `patience` outlives it. Errors: kUnavailable, and those of CheckConninfo.
  static Result<std::unique_ptr<PostgresConnection>> Open(const std::string& conninfo,
                                                          const Patience& patience);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // One statement. `doing` is for errors: "read the state". kConflict when another node wrote the
  // same row first; kNotFound when a table is missing; else kUnavailable.
  Result<PostgresRows> Run(const char* sql, const std::vector<PostgresValue>& values,
                           std::string_view doing);
  // Several statements without values, as one transaction.
  std::optional<Error> RunAll(const std::string& sql, std::string_view doing);

  // Of the server: a name, an address, or the folder of its socket; and its port.
  std::string server() const;
  int descriptor() const { return PQsocket(connection_); }
  // Whether another session notified since the last call, or the connection broke.
  bool TakeNotifications();
  // No statement can be run any more.
  bool is_broken() const { return broken_ || PQstatus(connection_) != CONNECTION_OK; }
  bool is_in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }
  // In the child of a fork: the connection is the parent's. Nothing is said on it, and its memory
  // is left behind.
  static void Leave(std::unique_ptr<PostgresConnection> connection);

 private:
  PostgresConnection(PGconn* connection, const Patience& patience)
      : connection_(connection), patience_(patience) {}
  std::optional<Error> Connect();
  std::optional<Error> Finish(std::string_view doing, PGresult** last);
  Error Failure(std::string_view doing, const std::string& why, ErrorCode code);
  Error Late(std::string_view doing);

  PGconn* connection_;
  const Patience& patience_;
  bool broken_ = false;
};

// Rolled back when it is not committed.
class PostgresTransaction {
 public:
  explicit PostgresTransaction(PostgresConnection& connection);
  ~PostgresTransaction();
  PostgresTransaction(const PostgresTransaction&) = delete;
  PostgresTransaction& operator=(const PostgresTransaction&) = delete;

  // Why it could not begin.
  const std::optional<Error>& error() const { return error_; }
  std::optional<Error> Commit();

 private:
  PostgresConnection& connection_;
  std::optional<Error> error_;
};

}  // namespace candor
