#include "native/collector/store/postgres_collector.h"

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "native/base/clock.h"
#include "native/collector/store/postgres_keep.h"
#include "native/collector/store/postgres_reports.h"
#include "native/collector/store/report_keys.h"
#include "native/state/postgres_connection.h"

namespace candor {
namespace {

constexpr char kDoing[] = "read reports";
// Collectors that meet again and again are out of luck, not out of order.
constexpr int kMostTries = 10;
// After a connection that could not be made; until then everything fails at once.
constexpr std::int64_t kAgainMs = 200;
// What took longer is not begun anew: its senders wait.
constexpr std::int64_t kLateMs = 1000;
// A scan sorts a month's reports before the first comes, and its reader may take its time.
constexpr std::int64_t kScanMs = 600'000;
constexpr char kScanSettings[] =
    "SET statement_timeout = 600000; SET idle_in_transaction_session_timeout = 600000;"
    " BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// Deletes those that `which` selects, with what is noted of them; their keys stay.
std::string DeleteText(const std::string& which) {
  return "WITH gone AS (DELETE FROM reports WHERE (id, arrived_ms) IN"
         " (SELECT id, arrived_ms FROM reports WHERE " +
         which +
         ") RETURNING id, digest, way),"
         " files AS (DELETE FROM report_files WHERE digest IN"
         " (SELECT digest FROM gone WHERE way = 1)),"
         " noted AS (DELETE FROM released WHERE report IN (SELECT id FROM gone))"
         " SELECT count(*) FROM gone";
}

template <typename T>
Result<T> Placed(Result<T> result) {
  if (result.ok()) return result;
  Error error = result.error();
  error.source = "the database of reports";
  return error;
}

class PostgresCollector : public CollectorStore {
 public:
  explicit PostgresCollector(std::string url) : url_(std::move(url)) {}

  std::optional<Error> Connect() {
    const std::lock_guard lock(mutex_);
    return Connected();
  }

  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    return Do<std::vector<Kept>>([&]() -> Result<std::vector<Kept>> {
      if (auto error = MakeMonths(*connection_, now, months_)) return *std::move(error);
      auto kept = KeepInPostgres(*connection_, arrivals, now);
      // Another collector drops empty months, by its own clock.
      if (!kept.ok()) months_.clear();
      return kept;
    });
  }

  Result<std::int64_t> Expire(const std::string& catalogue, UnixMillis before,
                              std::int64_t most) override {
    Result<std::int64_t> gone = Number(DeleteText("catalogue = $1 AND arrived_ms < $2::bigint"
                                                  " ORDER BY arrived_ms, id LIMIT $3::bigint"),
                                       {catalogue, before, most});
    if (!gone.ok() || gone.value() == most) return gone;
    return Do<std::int64_t>([&]() -> Result<std::int64_t> {
      if (auto error = DropMonths(*connection_, before, months_)) return *std::move(error);
      return gone;
    });
  }

  Result<std::int64_t> Forget(const std::string& installation) override {
    return Number(DeleteText("site = $1::bigint AND installation = $2::bytea"),
                  {SiteNumber(installation), PostgresValue::Bytes(installation)});
  }

  Result<std::int64_t> Erase(const std::string& installation, const std::string& erasure) override {
    if (erasure.empty()) return std::int64_t{0};
    return Number(DeleteText("site = $1::bigint AND installation = $2::bytea AND erasure = $3"),
                  {SiteNumber(installation), PostgresValue::Bytes(installation), erasure});
  }

  Result<std::int64_t> Drop(std::int64_t report) override {
    return Number(DeleteText("id = $1::bigint"), {report});
  }

  Result<std::int64_t> Release(std::int64_t report) override {
    return Number(
        "WITH known AS (SELECT id FROM reports WHERE id = $1::bigint),"
        " noted AS (INSERT INTO released SELECT id FROM known ON CONFLICT DO NOTHING)"
        " SELECT count(*) FROM known",
        {report});
  }

  Result<std::vector<LatestReport>> Latest(std::int64_t most) override {
    return Do<std::vector<LatestReport>>([&]() -> Result<std::vector<LatestReport>> {
      const Result<PostgresRows> rows = connection_->Run(
          "SELECT catalogue, installation, digest, arrived_ms, way FROM reports"
          " ORDER BY id DESC LIMIT $1::bigint",
          {most}, kDoing);
      if (!rows.ok()) return rows.error();
      std::vector<LatestReport> latest;
      for (int i = 0; i < rows.value().size(); ++i) {
        latest.push_back({rows.value().Text(i, 0), rows.value().Bytes(i, 1),
                          rows.value().Bytes(i, 2), rows.value().Integer(i, 3),
                          static_cast<Arrival::Way>(rows.value().Integer(i, 4))});
      }
      return latest;
    });
  }

  std::optional<Error> Scan(UnixMillis from, UnixMillis to, const Visit& visit) override {
    const Patience patience(kScanMs);
    auto own = PostgresConnection::Open(url_, patience);
    if (!own.ok()) return Placed(std::move(own)).error();
    const Result<bool> done = Placed(ScanOn(*own.value(), from, to, visit));
    return done.ok() ? std::nullopt : std::optional(done.error());
  }

 private:
  static Result<bool> ScanOn(PostgresConnection& connection, UnixMillis from, UnixMillis to,
                             const Visit& visit) {
    if (auto error = connection.RunAll(kScanSettings, kDoing)) return *std::move(error);
    const Result<PostgresRows> made = connection.Run(
        "DECLARE these NO SCROLL CURSOR FOR SELECT id, catalogue, installation, arrived_ms, way,"
        " address, report IS NOT NULL, \"values\" FROM reports LEFT JOIN released ON report = id"
        " WHERE arrived_ms >= $1::bigint AND arrived_ms < $2::bigint"
        " ORDER BY catalogue, installation, arrived_ms, id",
        {from, to}, kDoing);
    if (!made.ok()) return made.error();
    for (;;) {
      const Result<PostgresRows> rows = connection.Run("FETCH 1000 FROM these", {}, kDoing);
      if (!rows.ok()) return rows.error();
      if (rows.value().size() == 0) return true;
      for (int i = 0; i < rows.value().size(); ++i) {
        StoredReport report = ReportOf(rows.value(), i);
        if (!visit(report)) return true;
      }
    }
  }

  static StoredReport ReportOf(const PostgresRows& rows, int i) {
    return {rows.Integer(i, 0),
            rows.Text(i, 1),
            rows.Bytes(i, 2),
            rows.Integer(i, 3),
            static_cast<Arrival::Way>(rows.Integer(i, 4)),
            rows.IsNull(i, 5) ? "" : rows.Bytes(i, 5),
            rows.Text(i, 6) == "t",
            rows.Text(i, 7)};
  }

  // The single number that a statement answers.
  Result<std::int64_t> Number(const std::string& sql, const std::vector<PostgresValue>& values) {
    return Do<std::int64_t>([&]() -> Result<std::int64_t> {
      const Result<PostgresRows> rows = connection_->Run(sql.c_str(), values, kKeepingReports);
      if (!rows.ok()) return rows.error();
      return rows.value().Integer(0, 0);
    });
  }

  // Tries again after what another collector did; and once where a connection from before is lost:
  // whatever was kept then is found again by its key or bytes.
  template <typename T>
  Result<T> Do(const std::function<Result<T>()>& work) {
    const std::lock_guard lock(mutex_);
    const std::int64_t began = SystemClock().BootMillis();
    bool was_connected = connection_ != nullptr && !connection_->is_broken();
    for (int tries = 1;; ++tries) {
      if (auto error = Connected()) return Placed<T>(*std::move(error));
      Result<T> done = work();
      if (done.ok() || tries == kMostTries) return Placed(std::move(done));
      const bool lost = connection_->is_broken();
      const bool late = SystemClock().BootMillis() - began > kLateMs;
      if (lost && (late || !was_connected)) return Placed(std::move(done));
      if (!lost && done.error().code != ErrorCode::kConflict) return Placed(std::move(done));
      if (lost) was_connected = false;
    }
  }

  std::optional<Error> Connected() {
    if (connection_ != nullptr && !connection_->is_broken()) return std::nullopt;
    connection_.reset();
    months_.clear();
    const std::int64_t now = SystemClock().BootMillis();
    if (failure_ && now < again_boot_ms_) return failure_;
    failure_.reset();
    auto made = PostgresConnection::Open(url_, patience_);
    if (made.ok()) {
      failure_ = PreparePostgresReports(*made.value());
      // A server that has it keeps a report with a third less work; others use their own.
      static_cast<void>(made.value()->RunAll("SET default_toast_compression = 'lz4'", kDoing));
      if (!failure_) connection_ = std::move(made).value();
    } else {
      failure_ = made.error();
    }
    again_boot_ms_ = SystemClock().BootMillis() + kAgainMs;
    return failure_;
  }

  const std::string url_;
  const Patience patience_;
  std::mutex mutex_;
  std::unique_ptr<PostgresConnection> connection_;
  std::set<std::string> months_;  // Whose partitions are there.
  std::optional<Error> failure_;  // Of the last try to connect.
  std::int64_t again_boot_ms_ = 0;
};

}  // namespace

Result<std::unique_ptr<CollectorStore>> OpenPostgresCollector(const std::string& url) {
  auto store = std::make_unique<PostgresCollector>(url);
  if (auto error = store->Connect()) return *std::move(error);
  return std::unique_ptr<CollectorStore>(std::move(store));
}

}  // namespace candor
