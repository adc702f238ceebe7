#include "native/state/postgres_connection.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "core/text.h"
#include "native/base/clock.h"
#include "native/state/conninfo.h"

namespace candor {
namespace {

constexpr std::size_t kMostWhyBytes = 300;
// What a session needs: a node that is stopped in the middle of a transaction must not keep the
// others from theirs.
constexpr char kSessionSettings[] =
    "SET idle_in_transaction_session_timeout = 5000; SET lock_timeout = 4000;"
    " SET statement_timeout = 5000; SET synchronous_commit = on; SET bytea_output = 'hex';"
    " SET client_min_messages = error";

ErrorCode CodeOf(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view sqlstate = state == nullptr ? "" : state;
  // unique_violation, serialization_failure, deadlock_detected
  if (sqlstate == "23505" || sqlstate == "40001" || sqlstate == "40P01") {
    return ErrorCode::kConflict;
  }
  return sqlstate == "42P01" ? ErrorCode::kNotFound : ErrorCode::kUnavailable;  // undefined_table
}

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

// The first line; the rest repeats the statement or gives hints about its text.
std::string FirstLine(const char* message) {
  const std::string_view all = message == nullptr ? "" : message;
  return Quotable(std::string(all.substr(0, all.find('\n'))), kMostWhyBytes);
}

struct Parameters {
  std::vector<const char*> keys, values;
  void Add(const char* key, const char* value) {
    keys.push_back(key);
    values.push_back(value);
  }
};

// What was given, and our wishes where nothing was.
Parameters ParametersOf(const PQconninfoOption* options) {
  Parameters parameters;
  const auto is_given = [&parameters](std::string_view key) {
    return std::find(parameters.keys.begin(), parameters.keys.end(), key) != parameters.keys.end();
  };
  for (; options->keyword != nullptr; ++options) {
    if (options->val != nullptr) parameters.Add(options->keyword, options->val);
  }
  if (!is_given("application_name")) parameters.Add("application_name", "candor");
  if (!is_given("target_session_attrs")) parameters.Add("target_session_attrs", "read-write");
  if (!is_given("tcp_user_timeout")) parameters.Add("tcp_user_timeout", "5000");
  parameters.Add("client_encoding", "UTF8");
  parameters.Add(nullptr, nullptr);
  return parameters;
}

}  // namespace

std::optional<Error> CheckConninfo(const std::string& conninfo) {
  std::string why = WhyNoConninfo(conninfo);
  if (why.empty()) return std::nullopt;
  return Error{ErrorCode::kBadRequest, "", std::move(why), {}, "the state database"};
}

Patience::Patience(std::int64_t statement_ms)
    : statement_ms_(statement_ms),
      hurry_until_boot_ms_(std::numeric_limits<std::int64_t>::max()),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Patience::~Patience() {
  if (event_ >= 0) ::close(event_);
}

void Patience::Hurry(std::int64_t grace_ms) noexcept {
  hurry_until_boot_ms_.store(SystemClock().BootMillis() + grace_ms);
  const std::uint64_t one = 1;
  static_cast<void>(!::write(event_, &one, sizeof one));
}

bool Patience::Wait(int descriptor, short events, std::int64_t began_boot_ms) const {
  for (;;) {
    const std::int64_t until = std::min(began_boot_ms + statement_ms_, hurry_until_boot_ms_.load());
    const std::int64_t left = until - SystemClock().BootMillis();
    // The event stays readable once it was hurried, and would make this loop spin.
    const bool hurried = hurry_until_boot_ms_.load() != std::numeric_limits<std::int64_t>::max();
    std::array<pollfd, 2> waits = {{{descriptor, events, 0}, {event_, POLLIN, 0}}};
    const int ready = ::poll(waits.data(), hurried ? 1 : 2,
                             static_cast<int>(std::clamp<std::int64_t>(left, 0, statement_ms_)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && waits[0].revents != 0) return true;
    if (left <= 0) return false;
  }
}

std::int64_t PostgresRows::changed() const {
  const std::string_view text = PQcmdTuples(result_.get());
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string PostgresRows::Text(int row, int column) const {
  return std::string(PQgetvalue(result_.get(), row, column),
                     static_cast<std::size_t>(PQgetlength(result_.get(), row, column)));
}

std::int64_t PostgresRows::Integer(int row, int column) const {
  const std::string text = Text(row, column);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::uint64_t PostgresRows::Unsigned(int row, int column) const {
  const std::string text = Text(row, column);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string PostgresRows::Bytes(int row, int column) const {
  std::size_t size = 0;
  const std::unique_ptr<unsigned char, decltype(&PQfreemem)> bytes(
      PQunescapeBytea(
          reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row, column)), &size),
      PQfreemem);
  if (bytes == nullptr) throw std::bad_alloc();
  return std::string(reinterpret_cast<const char*>(bytes.get()), size);
}

PostgresValue PostgresValue::Bytes(std::string_view bytes) {
  PostgresValue value(bytes);
  value.is_binary = true;
  return value;
}

PostgresValue PostgresValue::Null() {
  PostgresValue value("");
  value.is_null = true;
  return value;
}

Error PostgresConnection::Failure(std::string_view doing, const std::string& why, ErrorCode code) {
  return Error{code, "", "cannot " + std::string(doing) + ": " + why, {}, "the state database"};
}

Error PostgresConnection::Late(std::string_view doing) {
  // What it would still answer belongs to nobody.
  broken_ = true;
  return Failure(doing, "it did not answer in time", ErrorCode::kUnavailable);
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(const std::string& conninfo,
                                                                     const Patience& patience) {
  if (auto error = CheckConninfo(conninfo)) return std::move(*error);
  const Options options(PQconninfoParse(conninfo.c_str(), nullptr), PQconninfoFree);
  if (options == nullptr) throw std::bad_alloc();
  const Parameters parameters = ParametersOf(options.get());
  PGconn* handle = PQconnectStartParams(parameters.keys.data(), parameters.values.data(), 0);
  if (handle == nullptr) throw std::bad_alloc();
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection(handle, patience));
  // Otherwise they are printed, where the host's own output is.
  PQsetNoticeReceiver(
      handle, [](void*, const PGresult*) {}, nullptr);
  if (auto error = connection->Connect()) return std::move(*error);
  return connection;
}

std::optional<Error> PostgresConnection::Connect() {
  constexpr std::string_view kDoing = "connect";
  const std::int64_t began = SystemClock().BootMillis();
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (PQstatus(connection_) != CONNECTION_BAD && status != PGRES_POLLING_OK &&
         status != PGRES_POLLING_FAILED) {
    const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!patience_.Wait(PQsocket(connection_), events, began)) return Late(kDoing);
    status = PQconnectPoll(connection_);
  }
  if (PQstatus(connection_) != CONNECTION_OK) {
    return Failure(kDoing, FirstLine(PQerrorMessage(connection_)), ErrorCode::kUnavailable);
  }
  if (PQsetnonblocking(connection_, 1) != 0) {
    return Failure(kDoing, FirstLine(PQerrorMessage(connection_)), ErrorCode::kUnavailable);
  }
  return RunAll(kSessionSettings, kDoing);
}

PostgresConnection::~PostgresConnection() {
  if (connection_ != nullptr) PQfinish(connection_);
}

void PostgresConnection::Leave(std::unique_ptr<PostgresConnection> connection) {
  if (connection == nullptr) return;
  ::close(PQsocket(connection->connection_));
  connection->connection_ = nullptr;
}

// Flushes, and reads all that comes; the last result.
std::optional<Error> PostgresConnection::Finish(std::string_view doing, PGresult** last) {
  const std::int64_t began = SystemClock().BootMillis();
  for (int unsent = 1; unsent == 1;) {
    unsent = PQflush(connection_);
    if (unsent < 0) break;
    if (unsent == 1) {
      if (!patience_.Wait(PQsocket(connection_), POLLIN | POLLOUT, began)) return Late(doing);
      if (PQconsumeInput(connection_) == 0) break;
    }
  }
  *last = nullptr;
  for (;;) {
    while (PQisBusy(connection_) != 0) {
      if (!patience_.Wait(PQsocket(connection_), POLLIN, began)) {
        PQclear(*last);
        return Late(doing);
      }
      if (PQconsumeInput(connection_) == 0) break;
    }
    PGresult* next = PQgetResult(connection_);
    if (next == nullptr) break;
    const bool failed = *last != nullptr && PQresultStatus(*last) == PGRES_FATAL_ERROR;
    PQclear(failed ? next : std::exchange(*last, next));
  }
  const ExecStatusType status = PQresultStatus(*last);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return std::nullopt;
  const PostgresRows failed(*last);
  const char* primary = PQresultErrorField(*last, PG_DIAG_MESSAGE_PRIMARY);
  return Failure(doing, FirstLine(primary != nullptr ? primary : PQerrorMessage(connection_)),
                 CodeOf(*last));
}

Result<PostgresRows> PostgresConnection::Run(const char* sql,
                                             const std::vector<PostgresValue>& values,
                                             std::string_view doing) {
  if (is_broken()) return Failure(doing, "the connection is lost", ErrorCode::kUnavailable);
  std::vector<std::string> texts;  // With the NUL that libpq wants.
  std::vector<const char*> pointers;
  std::vector<int> sizes, formats;
  texts.reserve(values.size());
  for (const PostgresValue& value : values) {
    const std::string_view text = value.text ? *value.text : std::string_view(value.own);
    if (!value.is_binary) texts.emplace_back(text);
    const char* data = value.is_binary ? text.data() : texts.back().c_str();
    pointers.push_back(value.is_null ? nullptr : data);
    sizes.push_back(static_cast<int>(text.size()));
    formats.push_back(value.is_binary ? 1 : 0);
  }
  if (PQsendQueryParams(connection_, sql, static_cast<int>(values.size()), nullptr, pointers.data(),
                        sizes.data(), formats.data(), 0) == 0) {
    return Failure(doing, FirstLine(PQerrorMessage(connection_)), ErrorCode::kUnavailable);
  }
  PGresult* last = nullptr;
  if (auto error = Finish(doing, &last)) return std::move(*error);
  return PostgresRows(last);
}

std::optional<Error> PostgresConnection::RunAll(const std::string& sql, std::string_view doing) {
  if (is_broken()) return Failure(doing, "the connection is lost", ErrorCode::kUnavailable);
  if (PQsendQuery(connection_, sql.c_str()) == 0) {
    return Failure(doing, FirstLine(PQerrorMessage(connection_)), ErrorCode::kUnavailable);
  }
  PGresult* last = nullptr;
  if (auto error = Finish(doing, &last)) return error;
  PQclear(last);
  return std::nullopt;
}

std::string PostgresConnection::server() const {
  const char* host = PQhost(connection_);
  const char* port = PQport(connection_);
  return std::string(host == nullptr ? "" : host) + ':' + (port == nullptr ? "" : port);
}

bool PostgresConnection::TakeNotifications() {
  if (PQconsumeInput(connection_) == 0) {
    broken_ = true;
    return true;
  }
  bool any = false;
  while (PGnotify* notification = PQnotifies(connection_)) {
    any = any || notification->be_pid != PQbackendPID(connection_);
    PQfreemem(notification);
  }
  return any || is_broken();
}

PostgresTransaction::PostgresTransaction(PostgresConnection& connection)
    : connection_(connection), error_(connection.RunAll("BEGIN", "begin a transaction")) {}

PostgresTransaction::~PostgresTransaction() {
  if (error_ || connection_.is_broken() || !connection_.is_in_transaction()) return;
  static_cast<void>(connection_.RunAll("ROLLBACK", "end a transaction"));
}

std::optional<Error> PostgresTransaction::Commit() {
  return connection_.RunAll("COMMIT", "change the state");
}

}  // namespace candor
