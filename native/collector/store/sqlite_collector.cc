#include "native/collector/store/sqlite_collector.h"

#include <cstdint>
#include <mutex>
#include <utility>

#include "native/collector/store/report_keys.h"
#include "native/collector/store/sqlite_reports.h"
#include "native/state/sqlite_database.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kFile[] = "reports.db";
constexpr char kDoing[] = "read reports";

// Of a report with its values one fits on a page of 4 KiB, and three on one of 8. The log is moved
// into the database when it is 32 MiB long, not after each change.
constexpr char kSettings[] =
    "PRAGMA page_size=8192;"
    "PRAGMA wal_autocheckpoint=4096;"
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-65536;";

// The statements of Keep, prepared once.
class Keeper {
 public:
  explicit Keeper(Database& database)
      : by_key_(database,
                "SELECT digest, arrived_ms FROM reports WHERE report_key=?1 UNION ALL"
                " SELECT digest, arrived_ms FROM gone WHERE report_key=?1",
                kKeepingReports),
        by_digest_(database,
                   "SELECT id, arrived_ms FROM reports WHERE site=? AND digest_number=?"
                   " AND digest=? AND (way=1 OR arrived_ms>=?) ORDER BY id LIMIT 1",
                   kKeepingReports),
        by_file_(database,
                 "SELECT id, arrived_ms FROM reports WHERE site=? AND digest_number=?"
                 " AND digest=? AND way=1 AND report_key IS NULL ORDER BY id LIMIT 1",
                 kKeepingReports),
        adopt_(database, "UPDATE reports SET report_key=? WHERE id=?", kKeepingReports),
        add_(database) {}

  Kept Keep(const Arrival& arrival, UnixMillis now) {
    const std::string key = ReportKey(arrival);
    if (!key.empty()) {
      by_key_.Again().BindBlob(key);
      if (by_key_.Row()) {
        const bool same = by_key_.Text(0) == arrival.digest;
        return {same ? Kept::Outcome::kRepeated : Kept::Outcome::kConflict, by_key_.Integer(1)};
      }
    }
    const std::int64_t site = SiteNumber(arrival.installation);
    if (const auto known = FindBytes(arrival, site, now)) {
      if (!key.empty()) adopt_.Again().BindBlob(key).Bind(known->first).Run();
      return {Kept::Outcome::kRepeated, known->second};
    }
    add_.Add(arrival, key, site, now);
    return {Kept::Outcome::kNew, now};
  }

  // Lets go of what the statements still look at. What stopped one of them.
  std::optional<Error> End() {
    std::optional<Error> error;
    for (Statement* const of : {&by_key_, &by_digest_, &by_file_, &adopt_, &add_.statement()}) {
      of->Again();
      if (!error) error = of->error();
    }
    return error;
  }

 private:
  // Its id and time.
  std::optional<std::pair<std::int64_t, UnixMillis>> FindBytes(const Arrival& arrival,
                                                               std::int64_t site, UnixMillis now) {
    const bool keyed = !arrival.key.empty();
    Statement& find = keyed ? by_file_ : by_digest_;
    find.Again().Bind(site).Bind(DigestNumber(arrival.digest));
    find.BindBlob(arrival.digest);
    if (!keyed) find.Bind(arrival.way == Arrival::Way::kFile ? 0 : now - kRepeatMs);
    if (!find.Row()) return std::nullopt;
    return std::pair(find.Integer(0), find.Integer(1));
  }

  Statement by_key_, by_digest_, by_file_, adopt_;
  AddReport add_;
};

// Reads on a connection of its own: first the order, then one report after the other, so that not
// all of them stand in memory.
std::optional<Error> ScanReports(Database& database, UnixMillis from, UnixMillis to,
                                 const CollectorStore::Visit& visit) {
  Statement order(database,
                  "SELECT id FROM reports WHERE arrived_ms>=? AND arrived_ms<?"
                  " ORDER BY catalogue, installation, arrived_ms, id",
                  kDoing);
  Statement row(database,
                "SELECT catalogue, installation, arrived_ms, way, address,"
                " EXISTS(SELECT 1 FROM released WHERE report=id), \"values\""
                " FROM reports WHERE id=?",
                kDoing);
  order.Bind(from).Bind(to);
  while (order.Row()) {
    if (!row.Again().Bind(order.Integer(0)).Row()) break;
    StoredReport report{order.Integer(0), row.Text(0),         row.Text(1), row.Integer(2), {},
                        row.Text(4),      row.Integer(5) != 0, row.Text(6)};
    report.way = static_cast<Arrival::Way>(row.Integer(3));
    if (!visit(report)) break;
  }
  return order.error() ? order.error() : row.error();
}

class SqliteCollector : public CollectorStore {
 public:
  explicit SqliteCollector(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    const std::lock_guard lock(mutex_);
    if (!keeper_) keeper_.emplace(*database_);
    std::optional<Error> error;
    std::vector<Kept> kept;
    {
      Transaction change(*database_, Transaction::Kind::kWrite);
      error = change.error();
      if (!error) {
        kept.reserve(arrivals.size());
        for (const Arrival& arrival : arrivals) kept.push_back(keeper_->Keep(arrival, now));
        error = keeper_->End();
      }
      if (!error) error = change.Commit();
    }
    if (!error) return kept;
    // A statement that failed does nothing more.
    keeper_.reset();
    return *std::move(error);
  }

  Result<std::int64_t> Expire(const std::string& catalogue, UnixMillis before,
                              std::int64_t most) override {
    return Remove(
        "SELECT id FROM reports WHERE catalogue=? AND arrived_ms<? ORDER BY arrived_ms, id LIMIT ?",
        [&](Statement& of) { of.Bind(catalogue).Bind(before).Bind(most); });
  }

  Result<std::int64_t> Forget(const std::string& installation) override {
    return Remove("SELECT id FROM reports WHERE site=? AND installation=?",
                  [&](Statement& of) { of.Bind(SiteNumber(installation)).Bind(installation); });
  }

  Result<std::int64_t> Erase(const std::string& installation, const std::string& erasure) override {
    if (erasure.empty()) return std::int64_t{0};
    return Remove(
        "SELECT id FROM reports WHERE site=? AND installation=? AND erasure=?",
        [&](Statement& of) { of.Bind(SiteNumber(installation)).Bind(installation).Bind(erasure); });
  }

  Result<std::int64_t> Drop(std::int64_t report) override {
    return Remove("SELECT id FROM reports WHERE id=?", [&](Statement& of) { of.Bind(report); });
  }

  Result<std::int64_t> Release(std::int64_t report) override {
    return Change({"INSERT OR IGNORE INTO released SELECT id FROM reports WHERE id=?",
                   "UPDATE released SET report=report WHERE report=?"},
                  [&](Statement& of) { of.Bind(report); });
  }

  std::optional<Error> Scan(UnixMillis from, UnixMillis to, const Visit& visit) override {
    Result<std::unique_ptr<Database>> own = Database::Open(database_->path(), kSettings);
    if (!own.ok()) return own.error();
    const Transaction moment(*own.value(), Transaction::Kind::kRead);
    if (moment.error()) return moment.error();
    return ScanReports(*own.value(), from, to, visit);
  }

  Result<std::vector<LatestReport>> Latest(std::int64_t most) override {
    const std::lock_guard lock(mutex_);
    Statement row(*database_,
                  "SELECT catalogue, installation, digest, arrived_ms, way FROM reports"
                  " ORDER BY id DESC LIMIT ?",
                  kDoing);
    row.Bind(most);
    std::vector<LatestReport> latest;
    while (row.Row()) {
      latest.push_back({row.Text(0), row.Text(1), row.Text(2), row.Integer(3),
                        static_cast<Arrival::Way>(row.Integer(4))});
    }
    if (row.error()) return *row.error();
    return latest;
  }

 private:
  // Those that `which` selects.
  Result<std::int64_t> Remove(const std::string& which,
                              const std::function<void(Statement&)>& bind) {
    return Change({"INSERT INTO gone SELECT report_key, digest, arrived_ms FROM reports"
                   " WHERE report_key IS NOT NULL AND id IN (" +
                       which + ")",
                   "DELETE FROM reports WHERE id IN (" + which + ")"},
                  bind);
  }

  // All of it or nothing. How many rows the last statement changed.
  Result<std::int64_t> Change(std::initializer_list<std::string> statements,
                              const std::function<void(Statement&)>& bind) {
    const std::lock_guard lock(mutex_);
    Transaction change(*database_, Transaction::Kind::kWrite);
    if (change.error()) return *change.error();
    std::int64_t changed = 0;
    for (const std::string& sql : statements) {
      Statement statement(*database_, sql, kKeepingReports);
      bind(statement);
      if (auto error = statement.Run()) return *std::move(error);
      changed = sqlite3_changes64(database_->handle());
    }
    if (auto error = change.Commit()) return *std::move(error);
    return changed;
  }

  std::mutex mutex_;
  const std::unique_ptr<Database> database_;
  std::optional<Keeper> keeper_;
};

}  // namespace

Result<std::unique_ptr<CollectorStore>> OpenSqliteCollector(const std::string& folder) {
  Result<std::string> made = PrepareFolder(folder);
  if (!made.ok()) return std::move(made).problems();
  if (auto error = PrepareFile(made.value(), kFile)) return *std::move(error);
  Result<std::unique_ptr<Database>> database =
      Database::Open(made.value() + '/' + kFile, kSettings);
  if (!database.ok()) return std::move(database).problems();
  if (auto error = database.value()->UseLog(kKeepingReports)) return *std::move(error);
  if (auto error = PrepareReports(*database.value())) return *std::move(error);
  return std::unique_ptr<CollectorStore>(
      std::make_unique<SqliteCollector>(std::move(database).value()));
}

}  // namespace candor
