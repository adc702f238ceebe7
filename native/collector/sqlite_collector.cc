#include "native/collector/sqlite_collector.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "core/sha256.h"
#include "native/state/sqlite_database.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kFile[] = "reports.db";
constexpr char kDoing[] = "keep reports";
constexpr std::int64_t kVersion = 1;

// The log is moved into the database when it is 16 MiB long, not after each change.
constexpr char kSettings[] =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA wal_autocheckpoint=4096;"
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-65536;";

// `report_key` is a digest of installation and Idempotency-Key: of one length, and nothing of what
// a sender chose stands in an index.
constexpr char kSchema[] =
    "CREATE TABLE reports(id INTEGER PRIMARY KEY, report_key BLOB UNIQUE, digest BLOB NOT NULL,"
    " installation TEXT NOT NULL, catalogue TEXT NOT NULL, arrived_ms INTEGER NOT NULL,"
    " way INTEGER NOT NULL, address BLOB, bytes BLOB NOT NULL) STRICT;"
    "CREATE INDEX reports_digest ON reports(digest);"
    "CREATE INDEX reports_installation ON reports(installation, arrived_ms);"
    "CREATE INDEX reports_arrived ON reports(arrived_ms);"
    "CREATE TABLE places(id INTEGER PRIMARY KEY, catalogue TEXT NOT NULL, place TEXT NOT NULL,"
    " UNIQUE(catalogue, place)) STRICT;"
    "CREATE TABLE numbers(place INTEGER NOT NULL REFERENCES places(id),"
    " report INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, value INTEGER NOT NULL,"
    " PRIMARY KEY(report, place)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE texts(place INTEGER NOT NULL REFERENCES places(id),"
    " report INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, value TEXT NOT NULL,"
    " PRIMARY KEY(report, place, value)) STRICT, WITHOUT ROWID;"
    // What was deleted: it is not taken again under its key, and nothing else is known of it.
    "CREATE TABLE gone(report_key BLOB PRIMARY KEY, digest BLOB NOT NULL,"
    " arrived_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version=1;";

std::string ReportKey(const Arrival& arrival) {
  Sha256 hash;
  hash.Update(arrival.installation);
  hash.Update("\n");
  hash.Update(arrival.key);
  const Sha256::Digest digest = hash.Finish();
  return {reinterpret_cast<const char*>(digest.data()), 16};
}

class SqliteCollector : public CollectorStore {
 public:
  explicit SqliteCollector(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  std::optional<Error> Prepare() {
    Statement version(*database_, "PRAGMA user_version", kDoing);
    const std::int64_t found = version.Row() ? version.Integer(0) : -1;
    if (version.error()) return version.error();
    if (found > kVersion) {
      return Error{ErrorCode::kOutOfRange,
                   "",
                   "was made by a later version; this one leaves it alone",
                   {},
                   database_->path()};
    }
    if (found == kVersion) return std::nullopt;
    Transaction change(*database_, Transaction::Kind::kWrite);
    if (change.error()) return change.error();
    if (auto error = database_->Run(kSchema, kDoing)) return error;
    return change.Commit();
  }

  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    const std::lock_guard lock(mutex_);
    Transaction change(*database_, Transaction::Kind::kWrite);
    if (change.error()) return *change.error();
    std::vector<Kept> kept;
    kept.reserve(arrivals.size());
    std::optional<Error> error = KeepAll(arrivals, now, kept);
    if (!error) error = change.Commit();
    if (!error) return kept;
    places_.clear();
    return *std::move(error);
  }

  Result<std::int64_t> Expire(const std::string& catalogue, UnixMillis before,
                              std::int64_t most) override {
    return Remove(
        "SELECT id FROM reports WHERE catalogue=? AND arrived_ms<? ORDER BY arrived_ms, id LIMIT ?",
        [&](Statement& statement) { statement.Bind(catalogue).Bind(before).Bind(most); });
  }

  Result<std::int64_t> Forget(const std::string& installation) override {
    return Remove("SELECT id FROM reports WHERE installation=?",
                  [&](Statement& statement) { statement.Bind(installation); });
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
  template <typename BindWhich>
  Result<std::int64_t> Remove(const std::string& which, const BindWhich& bind) {
    const std::lock_guard lock(mutex_);
    Transaction change(*database_, Transaction::Kind::kWrite);
    if (change.error()) return *change.error();
    const std::string note =
        "INSERT INTO gone SELECT report_key, digest, arrived_ms FROM reports"
        " WHERE report_key IS NOT NULL AND id IN (" +
        which + ")";
    const std::string remove = "DELETE FROM reports WHERE id IN (" + which + ")";
    std::int64_t removed = 0;
    for (const std::string& sql : {note, remove}) {
      Statement statement(*database_, sql, kDoing);
      bind(statement);
      if (auto error = statement.Run()) return *std::move(error);
      removed = sqlite3_changes64(database_->handle());
    }
    if (auto error = change.Commit()) return *std::move(error);
    return removed;
  }

  std::optional<Error> KeepAll(std::span<const Arrival> arrivals, UnixMillis now,
                               std::vector<Kept>& kept) {
    Batch batch(*database_, places_, now);
    for (const Arrival& arrival : arrivals) kept.push_back(batch.Keep(arrival));
    return batch.error();
  }

  using Places = std::unordered_map<std::string, std::int64_t>;

  // The statements of one transaction.
  class Batch {
   public:
    Batch(Database& database, Places& places, UnixMillis now)
        : places_(places),
          now_(now),
          by_key_(database,
                  "SELECT digest, arrived_ms FROM reports WHERE report_key=?1 UNION ALL"
                  " SELECT digest, arrived_ms FROM gone WHERE report_key=?1",
                  kDoing),
          by_digest_(database,
                     "SELECT id, arrived_ms FROM reports WHERE digest=?"
                     " AND (way=1 OR arrived_ms>=?) ORDER BY id LIMIT 1",
                     kDoing),
          by_file_(database,
                   "SELECT id, arrived_ms FROM reports WHERE digest=? AND way=1"
                   " AND report_key IS NULL ORDER BY id LIMIT 1",
                   kDoing),
          adopt_(database, "UPDATE reports SET report_key=? WHERE id=?", kDoing),
          add_(database,
               "INSERT INTO reports(report_key, digest, installation, catalogue, arrived_ms, way,"
               " address, bytes) VALUES(?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
               kDoing),
          add_place_(database,
                     "INSERT INTO places(catalogue, place) VALUES(?, ?)"
                     " ON CONFLICT DO UPDATE SET place=place RETURNING id",
                     kDoing),
          add_number_(database,
                      "INSERT INTO numbers(report, place, value) VALUES(?, ?, ?)"
                      " ON CONFLICT DO UPDATE SET value=value+excluded.value",
                      kDoing),
          add_text_(
              database,
              "INSERT INTO texts(report, place, value) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
              kDoing) {}

    Kept Keep(const Arrival& arrival) {
      const std::string key = arrival.key.empty() ? "" : ReportKey(arrival);
      if (!key.empty()) {
        by_key_.Again().BindBlob(key);
        if (by_key_.Row()) {
          const bool same = by_key_.Text(0) == arrival.digest;
          return {same ? Kept::Outcome::kRepeated : Kept::Outcome::kConflict, by_key_.Integer(1)};
        }
      }
      if (const auto known = FindBytes(arrival)) {
        if (!key.empty()) adopt_.Again().BindBlob(key).Bind(known->first).Run();
        return {Kept::Outcome::kRepeated, known->second};
      }
      Add(arrival, key);
      return {Kept::Outcome::kNew, now_};
    }

    std::optional<Error> error() {
      for (Statement* const statement : {&by_key_, &by_digest_, &by_file_, &adopt_, &add_,
                                         &add_place_, &add_number_, &add_text_}) {
        if (auto error = statement->error()) return error;
      }
      return std::nullopt;
    }

   private:
    // Its id and time.
    std::optional<std::pair<std::int64_t, UnixMillis>> FindBytes(const Arrival& arrival) {
      const bool keyed = !arrival.key.empty();
      Statement& find = keyed ? by_file_ : by_digest_;
      find.Again().BindBlob(arrival.digest);
      if (!keyed) find.Bind(arrival.way == Arrival::Way::kFile ? 0 : now_ - kRepeatMs);
      if (!find.Row()) return std::nullopt;
      return std::pair(find.Integer(0), find.Integer(1));
    }

    void Add(const Arrival& arrival, const std::string& key) {
      add_.Again();
      key.empty() ? add_.BindNull() : add_.BindBlob(key);
      add_.BindBlob(arrival.digest).Bind(arrival.installation).Bind(arrival.catalogue).Bind(now_);
      add_.Bind(static_cast<std::int64_t>(arrival.way));
      arrival.address.empty() ? add_.BindNull() : add_.BindBlob(arrival.address);
      add_.BindBlob(arrival.bytes);
      if (!add_.Row()) return;
      const std::int64_t id = add_.Integer(0);
      add_.Row();
      for (const Arrival::Number& number : arrival.numbers) {
        const std::int64_t place = PlaceOf(arrival.catalogue, number.place);
        add_number_.Again().Bind(id).Bind(place).Bind(number.value).Run();
      }
      for (const Arrival::Text& text : arrival.texts) {
        const std::int64_t place = PlaceOf(arrival.catalogue, text.place);
        add_text_.Again().Bind(id).Bind(place).Bind(text.value).Run();
      }
    }

    std::int64_t PlaceOf(const std::string& catalogue, const std::string& place) {
      std::string name = catalogue + place;
      if (const auto known = places_.find(name); known != places_.end()) return known->second;
      add_place_.Again().Bind(catalogue).Bind(place);
      const std::int64_t id = add_place_.Row() ? add_place_.Integer(0) : 0;
      add_place_.Row();
      if (places_.size() >= kMostPlaces) places_.clear();
      places_.emplace(std::move(name), id);
      return id;
    }

    static constexpr std::size_t kMostPlaces = 100'000;
    Places& places_;
    const UnixMillis now_;
    Statement by_key_, by_digest_, by_file_, adopt_, add_, add_place_, add_number_, add_text_;
  };

  std::mutex mutex_;
  const std::unique_ptr<Database> database_;
  Places places_;  // Ids of places that are committed, or about to be.
};

}  // namespace

Result<std::unique_ptr<CollectorStore>> OpenSqliteCollector(const std::string& folder) {
  Result<std::string> made = PrepareFolder(folder);
  if (!made.ok()) return std::move(made).problems();
  if (auto error = PrepareFile(made.value(), kFile)) return *std::move(error);
  Result<std::unique_ptr<Database>> database =
      Database::Open(made.value() + '/' + kFile, kSettings);
  if (!database.ok()) return std::move(database).problems();
  auto store = std::make_unique<SqliteCollector>(std::move(database).value());
  if (auto error = store->Prepare()) return *std::move(error);
  return std::unique_ptr<CollectorStore>(std::move(store));
}

}  // namespace candor
