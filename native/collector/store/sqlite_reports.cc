#include "native/collector/store/sqlite_reports.h"

#include "native/collector/store/report_keys.h"
#include "native/collector/store/report_values.h"

namespace candor {
namespace {

constexpr std::int64_t kVersion = 2;

// Each index costs every report a page written somewhere: so there are two of small entries, and
// one that only grows at its end. What is large stands last, and is not read with the rest.
constexpr char kTables[] =
    "CREATE TABLE reports(id INTEGER PRIMARY KEY AUTOINCREMENT, report_key BLOB,"
    " site INTEGER NOT NULL, digest_number INTEGER NOT NULL, arrived_ms INTEGER NOT NULL,"
    " way INTEGER NOT NULL, catalogue TEXT NOT NULL, installation TEXT NOT NULL,"
    " digest BLOB NOT NULL, address BLOB, erasure TEXT NOT NULL, unknown TEXT NOT NULL,"
    " \"values\" TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE released(report INTEGER PRIMARY KEY REFERENCES reports(id) ON DELETE CASCADE)"
    " STRICT;";

constexpr char kIndices[] =
    "CREATE UNIQUE INDEX reports_key ON reports(report_key) WHERE report_key IS NOT NULL;"
    "CREATE INDEX reports_site ON reports(site, digest_number);"
    "CREATE INDEX reports_arrived ON reports(arrived_ms);"
    "PRAGMA user_version=2;";

// What was deleted: it is not taken again under its key, and nothing else is known of it.
constexpr char kGone[] =
    "CREATE TABLE gone(report_key BLOB PRIMARY KEY, digest BLOB NOT NULL,"
    " arrived_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

// Version 1 kept a row for each number and text.
class Migration {
 public:
  explicit Migration(Database& database) : database_(database) {}

  std::optional<Error> Run() {
    constexpr char kAside[] =
        "DROP INDEX reports_digest; DROP INDEX reports_installation; DROP INDEX reports_arrived;"
        "ALTER TABLE reports RENAME TO reports_1;";
    if (auto error = database_.Run(kAside, kKeepingReports)) return error;
    if (auto error = database_.Run(kTables, kKeepingReports)) return error;
    if (auto error = Copy()) return error;
    return database_.Run(
        "DROP TABLE numbers; DROP TABLE texts; DROP TABLE places; DROP TABLE reports_1",
        kKeepingReports);
  }

 private:
  std::optional<Error> Copy() {
    Statement row(database_,
                  "SELECT id, report_key, digest, installation, catalogue, arrived_ms, way,"
                  " address, bytes FROM reports_1 ORDER BY id",
                  kKeepingReports);
    AddReport add(database_);
    while (row.Row()) {
      Arrival arrival;
      const std::string key = row.Text(1);
      arrival.digest = row.Text(2);
      arrival.installation = row.Text(3);
      arrival.catalogue = row.Text(4);
      arrival.way = static_cast<Arrival::Way>(row.Integer(6));
      arrival.address = row.Text(7);
      arrival.bytes = row.Text(8);
      arrival.values = ValuesOf(row.Integer(0));
      add.Add(arrival, key, SiteNumber(arrival.installation), row.Integer(5), row.Integer(0));
    }
    for (Statement* const of : {&row, &number_, &text_, &add.statement()}) {
      if (auto error = of->error()) return error;
    }
    return std::nullopt;
  }

  std::string ValuesOf(std::int64_t id) {
    ReportValues values;
    number_.Again().Bind(id);
    while (number_.Row()) values.numbers[number_.Text(0)] = number_.Integer(1);
    text_.Again().Bind(id);
    while (text_.Row()) values.texts[text_.Text(0)].insert(text_.Text(1));
    return WriteReportValues(values);
  }

  Database& database_;
  Statement number_{database_,
                    "SELECT p.place, n.value FROM numbers n JOIN places p ON p.id=n.place"
                    " WHERE n.report=?",
                    kKeepingReports};
  Statement text_{database_,
                  "SELECT p.place, t.value FROM texts t JOIN places p ON p.id=t.place"
                  " WHERE t.report=?",
                  kKeepingReports};
};

std::optional<Error> ReadVersion(Database& database, std::int64_t* version) {
  Statement row(database, "PRAGMA user_version", kKeepingReports);
  if (row.Row()) *version = row.Integer(0);
  return row.error();
}

}  // namespace

std::optional<Error> PrepareReports(Database& database) {
  std::int64_t found = 0;
  if (auto error = ReadVersion(database, &found)) return error;
  if (found == kVersion) return std::nullopt;
  Transaction change(database, Transaction::Kind::kWrite);
  if (change.error()) return change.error();
  // Another process may have done it meanwhile.
  if (auto error = ReadVersion(database, &found)) return error;
  if (found == kVersion) return std::nullopt;
  if (found > kVersion) {
    return Error{ErrorCode::kOutOfRange,
                 "",
                 "was made by a later version; this one leaves it alone",
                 {},
                 database.path()};
  }
  std::optional<Error> error =
      found == 1 ? Migration(database).Run() : database.Run(kTables, kKeepingReports);
  if (!error && found == 0) error = database.Run(kGone, kKeepingReports);
  if (!error) error = database.Run(kIndices, kKeepingReports);
  return error ? error : change.Commit();
}

AddReport::AddReport(Database& database)
    : add_(database, "INSERT INTO reports VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           kKeepingReports) {}

void AddReport::Add(const Arrival& arrival, const std::string& key, std::int64_t site,
                    UnixMillis arrived, std::int64_t id) {
  const auto blob = [this](const std::string& bytes) {
    bytes.empty() ? add_.BindNull() : add_.BindBlob(bytes);
  };
  add_.Again();
  id == 0 ? add_.BindNull() : add_.Bind(id);
  blob(key);
  add_.Bind(site).Bind(DigestNumber(arrival.digest)).Bind(arrived);
  add_.Bind(static_cast<std::int64_t>(arrival.way)).Bind(arrival.catalogue);
  add_.Bind(arrival.installation).BindBlob(arrival.digest);
  blob(arrival.address);
  add_.Bind(arrival.erasure).Bind(arrival.unknown).Bind(arrival.values).BindBlob(arrival.bytes);
  add_.Run();
}

}  // namespace candor
