#include "native/collector/store/postgres_keep.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "native/collector/store/postgres_array.h"
#include "native/collector/store/postgres_reports.h"
#include "native/collector/store/report_keys.h"

namespace candor {
namespace {

// Advisory locks, by what they are of. More stripes would fill the server's table of locks.
constexpr int kOfFiles = 0x43414e44, kOfDigests = kOfFiles + 1;
constexpr std::int64_t kStripes = 256;

bool IsFile(const Arrival& arrival) { return arrival.way == Arrival::Way::kFile; }

class Batch {
 public:
  Batch(PostgresConnection& connection, std::span<const Arrival> arrivals, UnixMillis now)
      : connection_(connection), arrivals_(arrivals), now_(now) {}

  Result<std::vector<Kept>> Keep() {
    std::optional<Error> error = connection_.RunAll(BeginText(), kKeepingReports);
    if (!error) error = FindKeys();
    if (!error) error = FindFiles();
    if (!error) error = FindBytes();
    std::vector<Kept> kept;
    if (!error) {
      kept.reserve(arrivals_.size());
      for (const Arrival& arrival : arrivals_) kept.push_back(Decide(arrival));
      error = Write();
    }
    if (!error) error = connection_.RunAll("COMMIT", kKeepingReports);
    if (!error) return kept;
    if (!connection_.is_broken()) {
      static_cast<void>(connection_.RunAll("ROLLBACK", "end a transaction"));
    }
    return *std::move(error);
  }

 private:
  struct Known {
    std::string digest;
    UnixMillis at = 0;
  };
  struct File {
    UnixMillis at = 0;
    bool has_key = false;
  };
  struct New {
    const Arrival* arrival;
    std::string key;
  };

  // What is unique by its key needs no lock: the table of keys sees to it. What has none is looked
  // for by its bytes, which only one transaction at a time may do for the same bytes; and while a
  // file comes in, nothing else does, since it may be any report's.
  std::string BeginText() const {
    std::set<std::int64_t> stripes;
    bool file = false;
    for (const Arrival& arrival : arrivals_) {
      file = file || IsFile(arrival);
      if (arrival.key.empty()) stripes.insert(DigestNumber(arrival.digest) & (kStripes - 1));
    }
    std::string text = "BEGIN; SELECT pg_advisory_xact_lock";
    text += file ? "(" : "_shared(";
    text += std::to_string(kOfFiles) + ", 0);";
    if (file || stripes.empty()) return text;
    text += "SELECT pg_advisory_xact_lock(" + std::to_string(kOfDigests) + ", of) FROM unnest('{";
    // In their order, so that no two wait for each other.
    for (const std::int64_t stripe : stripes) text += std::to_string(stripe) + ",";
    text.back() = '}';
    return text + "'::int[]) of;";
  }

  std::optional<Error> FindKeys() {
    PostgresArray keys(PostgresArray::Of::kBytes);
    bool any = false;
    for (const Arrival& arrival : arrivals_) {
      keys_.push_back(ReportKey(arrival));
      if (keys_.back().empty()) continue;
      keys.Add(keys_.back());
      any = true;
    }
    if (!any) return std::nullopt;
    const Result<PostgresRows> rows = connection_.Run(
        "SELECT report_key, digest, arrived_ms FROM report_keys"
        " WHERE report_key = ANY($1::bytea[])",
        {keys.value()}, kKeepingReports);
    if (!rows.ok()) return rows.error();
    for (int i = 0; i < rows.value().size(); ++i) {
      by_key_[rows.value().Bytes(i, 0)] = {rows.value().Bytes(i, 1), rows.value().Integer(i, 2)};
    }
    return std::nullopt;
  }

  std::optional<Error> FindFiles() {
    PostgresArray digests(PostgresArray::Of::kBytes);
    for (const Arrival& arrival : arrivals_) digests.Add(arrival.digest);
    const Result<PostgresRows> rows = connection_.Run(
        "SELECT digest, arrived_ms, report_key IS NOT NULL FROM report_files"
        " WHERE digest = ANY($1::bytea[])",
        {digests.value()}, kKeepingReports);
    if (!rows.ok()) return rows.error();
    for (int i = 0; i < rows.value().size(); ++i) {
      files_[rows.value().Bytes(i, 0)] = {rows.value().Integer(i, 1),
                                          rows.value().Text(i, 2) == "t"};
    }
    return std::nullopt;
  }

  // The first report of the same bytes: for a file of all times, else of the last hour.
  std::optional<Error> FindBytes() {
    for (const bool file : {false, true}) {
      PostgresArray sites(PostgresArray::Of::kBigint), numbers(PostgresArray::Of::kBigint),
          digests(PostgresArray::Of::kBytes);
      bool any = false;
      for (const Arrival& arrival : arrivals_) {
        if (!arrival.key.empty() || IsFile(arrival) != file) continue;
        sites.Add(SiteNumber(arrival.installation));
        numbers.Add(DigestNumber(arrival.digest));
        digests.Add(arrival.digest);
        any = true;
      }
      if (!any) continue;
      const Result<PostgresRows> rows = connection_.Run(
          "SELECT r.digest, r.arrived_ms FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])"
          " a(site, number, digest) JOIN reports r ON r.site = a.site"
          " AND r.digest_number = a.number AND r.digest = a.digest"
          " WHERE r.arrived_ms >= $4::bigint ORDER BY r.id",
          {sites.value(), numbers.value(), digests.value(), file ? 0 : now_ - kRepeatMs},
          kKeepingReports);
      if (!rows.ok()) return rows.error();
      auto& found = file ? any_time_ : recent_;
      for (int i = 0; i < rows.value().size(); ++i) {
        found.try_emplace(rows.value().Bytes(i, 0), rows.value().Integer(i, 1));
      }
    }
    return std::nullopt;
  }

  // As if the arrivals before it were kept already.
  Kept Decide(const Arrival& arrival) {
    const std::string& key = keys_[decided_++];
    if (!key.empty()) {
      if (const auto known = by_key_.find(key); known != by_key_.end()) {
        const bool same = known->second.digest == arrival.digest;
        return {same ? Kept::Outcome::kRepeated : Kept::Outcome::kConflict, known->second.at};
      }
    }
    const auto file = files_.find(arrival.digest);
    if (file != files_.end() && (key.empty() || !file->second.has_key)) {
      if (!key.empty()) {
        file->second.has_key = true;
        adopted_.emplace_back(key, arrival.digest);
        by_key_[key] = {arrival.digest, file->second.at};
      }
      return {Kept::Outcome::kRepeated, file->second.at};
    }
    if (key.empty()) {
      const auto& before = IsFile(arrival) ? any_time_ : recent_;
      const auto known = before.find(arrival.digest);
      if (known != before.end()) return {Kept::Outcome::kRepeated, known->second};
    }
    Note(arrival, key);
    return {Kept::Outcome::kNew, now_};
  }

  void Note(const Arrival& arrival, const std::string& key) {
    new_.push_back({&arrival, key});
    if (!key.empty()) by_key_[key] = {arrival.digest, now_};
    if (IsFile(arrival)) files_[arrival.digest] = {now_, !key.empty()};
    recent_.try_emplace(arrival.digest, now_);
    any_time_.try_emplace(arrival.digest, now_);
  }

  std::optional<Error> Write() {
    if (auto error = WriteKeys()) return error;
    if (auto error = WriteReports()) return error;
    if (auto error = WriteFiles()) return error;
    return Adopt();
  }

  std::optional<Error> WriteKeys() {
    PostgresArray keys(PostgresArray::Of::kBytes), digests(PostgresArray::Of::kBytes);
    // In one order everywhere: who waits for a key holds none behind it.
    std::map<std::string_view, const Arrival*> ordered;
    for (const auto& [arrival, key] : new_) {
      if (!key.empty()) ordered.emplace(key, arrival);
    }
    for (const auto& [key, arrival] : ordered) {
      keys.Add(key);
      digests.Add(arrival->digest);
    }
    if (ordered.empty()) return std::nullopt;
    return Expect(static_cast<std::int64_t>(ordered.size()),
                  connection_.Run("INSERT INTO report_keys SELECT key, digest, $3::bigint"
                                  " FROM unnest($1::bytea[], $2::bytea[]) a(key, digest)"
                                  " ON CONFLICT DO NOTHING",
                                  {keys.value(), digests.value(), now_}, kKeepingReports));
  }

  std::optional<Error> WriteReports() {
    if (new_.empty()) return std::nullopt;
    using Of = PostgresArray::Of;
    PostgresArray sites(Of::kBigint), numbers(Of::kBigint), ways(Of::kBigint),
        catalogues(Of::kText), installations(Of::kBytes), digests(Of::kBytes),
        addresses(Of::kBytes), erasures(Of::kText), unknowns(Of::kText), values(Of::kText),
        bytes(Of::kBytes);
    for (const auto& [arrival, key] : new_) {
      sites.Add(SiteNumber(arrival->installation));
      numbers.Add(DigestNumber(arrival->digest));
      ways.Add(static_cast<std::int64_t>(arrival->way));
      catalogues.Add(arrival->catalogue);
      installations.Add(arrival->installation);
      digests.Add(arrival->digest);
      arrival->address.empty() ? addresses.AddNull() : addresses.Add(arrival->address);
      erasures.Add(arrival->erasure);
      unknowns.Add(arrival->unknown);
      values.Add(arrival->values);
      bytes.Add(arrival->bytes);
    }
    const Result<PostgresRows> added = connection_.Run(
        "INSERT INTO reports(site, digest_number, arrived_ms, way, catalogue, installation,"
        " digest, address, erasure, unknown, \"values\", bytes)"
        " SELECT site, number, $12::bigint, way, catalogue, installation, digest, address,"
        " erasure, unknown, said, bytes FROM unnest($1::bigint[], $2::bigint[], $3::bigint[],"
        " $4::text[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[], $9::text[], $10::text[],"
        " $11::bytea[]) a(site, number, way, catalogue, installation, digest, address, erasure,"
        " unknown, said, bytes)",
        {sites.value(), numbers.value(), ways.value(), catalogues.value(), installations.value(),
         digests.value(), addresses.value(), erasures.value(), unknowns.value(), values.value(),
         bytes.value(), now_},
        kKeepingReports);
    return added.ok() ? std::nullopt : std::optional(added.error());
  }

  std::optional<Error> WriteFiles() {
    PostgresArray digests(PostgresArray::Of::kBytes), keys(PostgresArray::Of::kBytes);
    std::int64_t count = 0;
    for (const auto& [arrival, key] : new_) {
      if (!IsFile(*arrival)) continue;
      digests.Add(arrival->digest);
      key.empty() ? keys.AddNull() : keys.Add(key);
      ++count;
    }
    if (count == 0) return std::nullopt;
    return Expect(count, connection_.Run("INSERT INTO report_files SELECT digest, $3::bigint, key"
                                         " FROM unnest($1::bytea[], $2::bytea[]) a(digest, key)"
                                         " ON CONFLICT DO NOTHING",
                                         {digests.value(), keys.value(), now_}, kKeepingReports));
  }

  // A key that came behind its file.
  std::optional<Error> Adopt() {
    for (const auto& [key, digest] : adopted_) {
      const auto change = [&, &key = key, &digest = digest](const char* sql) {
        return Expect(
            1, connection_.Run(sql, {PostgresValue::Bytes(key), PostgresValue::Bytes(digest)},
                               kKeepingReports));
      };
      if (auto error = change("UPDATE report_files SET report_key = $1::bytea"
                              " WHERE digest = $2::bytea AND report_key IS NULL")) {
        return error;
      }
      if (auto error = change("INSERT INTO report_keys SELECT $1::bytea, digest, arrived_ms"
                              " FROM report_files WHERE digest = $2::bytea"
                              " ON CONFLICT DO NOTHING")) {
        return error;
      }
    }
    return std::nullopt;
  }

  static std::optional<Error> Expect(std::int64_t rows, const Result<PostgresRows>& result) {
    if (!result.ok()) return result.error();
    if (result.value().changed() == rows) return std::nullopt;
    return Error{ErrorCode::kConflict, "", "another collector was faster"};
  }

  PostgresConnection& connection_;
  const std::span<const Arrival> arrivals_;
  const UnixMillis now_;
  std::vector<std::string> keys_;  // Of each arrival, or "".
  std::size_t decided_ = 0;
  std::map<std::string, Known> by_key_;
  std::map<std::string, File> files_;                    // By digest.
  std::map<std::string, UnixMillis> recent_, any_time_;  // By digest.
  std::vector<New> new_;
  std::vector<std::pair<std::string, std::string>> adopted_;  // Keys and digests.
};

}  // namespace

Result<std::vector<Kept>> KeepInPostgres(PostgresConnection& connection,
                                         std::span<const Arrival> arrivals, UnixMillis now) {
  return Batch(connection, arrivals, now).Keep();
}

}  // namespace candor
