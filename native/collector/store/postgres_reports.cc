#include "native/collector/store/postgres_reports.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace candor {
namespace {

constexpr std::int64_t kVersion = 1;

// One at a time, of all collectors: CREATE IF NOT EXISTS may fail beside another.
constexpr char kAlone[] = "BEGIN; SELECT pg_advisory_xact_lock(hashtext('candor_reports'));";

// An installation's name and the digests are bytes: a name may hold what no text may.
// `report_keys` knows every key for ever, and whose report it was: it keeps a report from being
// taken twice, by whichever collector, also when the report itself is gone. `report_files` are
// those that came as files, which are looked for at any time.
constexpr char kTables[] = R"(
CREATE TABLE candor_reports(id integer PRIMARY KEY CHECK (id = 1), version integer NOT NULL);
INSERT INTO candor_reports VALUES (1, 1);
CREATE SEQUENCE report_ids;
CREATE TABLE reports(
  id bigint NOT NULL DEFAULT nextval('report_ids'), site bigint NOT NULL,
  digest_number bigint NOT NULL, arrived_ms bigint NOT NULL, way smallint NOT NULL,
  catalogue text COLLATE "C" NOT NULL, installation bytea NOT NULL, digest bytea NOT NULL,
  address bytea, erasure text NOT NULL, unknown text NOT NULL, "values" text NOT NULL,
  bytes bytea NOT NULL, PRIMARY KEY (id, arrived_ms)) PARTITION BY RANGE (arrived_ms);
CREATE INDEX reports_site ON reports(site, digest_number);
CREATE INDEX reports_arrived ON reports(arrived_ms);
CREATE TABLE report_keys(
  report_key bytea PRIMARY KEY, digest bytea NOT NULL, arrived_ms bigint NOT NULL);
CREATE TABLE report_files(
  digest bytea PRIMARY KEY, arrived_ms bigint NOT NULL, report_key bytea);
CREATE TABLE released(report bigint PRIMARY KEY);
)";

Error Placed(std::string message) {
  return Error{ErrorCode::kOutOfRange, "", std::move(message), {}, "the database of reports"};
}

// kNotFound where there are no tables.
std::optional<Error> Check(PostgresConnection& connection) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT version, getdatabaseencoding() FROM candor_reports", {}, kKeepingReports);
  if (!rows.ok()) return rows.error();
  const std::int64_t version = rows.value().size() == 1 ? rows.value().Integer(0, 0) : 0;
  if (version > kVersion) return Placed("was made by a later version; this one leaves it alone");
  if (version < 1) return Placed("has tables that are not those of a collector");
  if (rows.value().Text(0, 1) != "UTF8") return Placed("must be made with ENCODING 'UTF8'");
  return std::nullopt;
}

std::optional<Error> RunAlone(PostgresConnection& connection, const std::string& sql) {
  std::optional<Error> error = connection.RunAll(kAlone + sql + "COMMIT", kKeepingReports);
  if (error) static_cast<void>(connection.RunAll("ROLLBACK", "end a transaction"));
  return error;
}

// Months are counted from the year 0.
std::int64_t MonthOf(UnixMillis time) {
  const std::string date = TimeText(time);
  return std::stoll(date.substr(0, 4)) * 12 + std::stoll(date.substr(5, 2)) - 1;
}

// Of the first day of a month.
std::int64_t MonthStart(std::int64_t months) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-01T00:00:00Z", static_cast<int>(months / 12),
                static_cast<int>(months % 12) + 1);
  UnixMillis time = 0;
  ParseTime(text.data(), &time);
  return time;
}

std::string PartitionOf(std::int64_t month) {
  const std::string date = TimeText(MonthStart(month));
  return "reports_" + date.substr(0, 4) + date.substr(5, 2);
}

// Nobody puts reports into it while it is looked at; and whoever would wait behind somebody who
// reads, for as long as that takes, does not wait long.
std::string DropText(const std::string& name) {
  return "BEGIN; SET LOCAL lock_timeout = 200; LOCK TABLE ONLY reports IN ACCESS EXCLUSIVE MODE;"
         " DO $$BEGIN IF (SELECT min(arrived_ms) FROM " +
         name + ") IS NULL THEN DROP TABLE " + name + "; END IF; END$$; COMMIT";
}

}  // namespace

std::optional<Error> PreparePostgresReports(PostgresConnection& connection) {
  std::optional<Error> error = Check(connection);
  if (!error || error->code != ErrorCode::kNotFound) return error;
  error = RunAlone(connection, kTables);
  // Another collector may have been faster.
  if (!error || !Check(connection)) return std::nullopt;
  return error;
}

std::optional<Error> MakeMonths(PostgresConnection& connection, UnixMillis now,
                                std::set<std::string>& made) {
  const std::int64_t this_month = MonthOf(now);
  for (const std::int64_t month : {this_month, this_month + 1}) {
    const std::int64_t from = MonthStart(month), to = MonthStart(month + 1);
    const std::string name = PartitionOf(month);
    if (made.contains(name)) continue;
    // Making one waits for whoever uses the others.
    const Result<PostgresRows> there =
        connection.Run("SELECT to_regclass($1)", {name}, kKeepingReports);
    if (!there.ok()) return there.error();
    if (!there.value().IsNull(0, 0)) {
      made.insert(name);
      continue;
    }
    const std::string sql = "CREATE TABLE IF NOT EXISTS " + name +
                            " PARTITION OF reports FOR VALUES FROM (" + std::to_string(from) +
                            ") TO (" + std::to_string(to) + ");";
    if (auto error = RunAlone(connection, sql)) return error;
    made.insert(name);
  }
  return std::nullopt;
}

std::optional<Error> DropMonths(PostgresConnection& connection, UnixMillis before,
                                std::set<std::string>& made) {
  const Result<PostgresRows> old = connection.Run(
      "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
      " WHERE inhparent = 'reports'::regclass AND relname ~ '^reports_[0-9]{6}$' AND relname < $1",
      {PartitionOf(MonthOf(std::clamp<UnixMillis>(before, 0, kLatestTime)))}, kKeepingReports);
  if (!old.ok()) return old.error();
  for (int i = 0; i < old.value().size(); ++i) {
    const std::string name = old.value().Text(i, 0);
    // By its index, which passes over what was deleted.
    const Result<PostgresRows> oldest =
        connection.Run(("SELECT min(arrived_ms) FROM " + name).c_str(), {}, kKeepingReports);
    if (!oldest.ok()) return oldest.error();
    if (!oldest.value().IsNull(0, 0)) continue;
    if (auto error = connection.RunAll(DropText(name), kKeepingReports)) {
      if (connection.is_broken()) return error;
      return connection.RunAll("ROLLBACK", "end a transaction");
    }
    made.erase(name);
  }
  return std::nullopt;
}

}  // namespace candor
