#include "native/state/postgres_counts.h"

#include <utility>

#include "native/state/moved_counts.h"
#include "native/state/postgres_schema.h"

namespace candor {
namespace {

constexpr std::string_view kDoing = "share the counts";

Error Moved() {
  return Error{ErrorCode::kConflict, "", "somebody decided meanwhile", {}, "the state database"};
}

// Two arrays as PostgreSQL writes them. Names are printable ASCII.
struct Arrays {
  std::string names = "{", totals = "{";
  void Add(const std::string& name, std::uint64_t total) {
    const bool first = names.size() == 1;
    names += first ? "\"" : ",\"";
    for (const char c : name) {
      if (c == '"' || c == '\\') names += '\\';
      names += c;
    }
    names += '"';
    if (!first) totals += ',';
    totals += std::to_string(total);
  }
  bool empty() const { return names.size() == 1; }
  void Close() {
    names += '}';
    totals += '}';
  }
};

// `excluded.dropped` is what of a total drops when the name is new to the row.
constexpr char kKeep[] =
    "INSERT INTO candor_counts AS old(epoch, name, total, dropped)"
    " SELECT $1, name, total, 0 FROM unnest($2::text[], $3::numeric[]) AS mine(name, total)"
    " ON CONFLICT (epoch, name) DO UPDATE SET total = greatest(old.total, excluded.total)"
    " WHERE old.total < excluded.total";
constexpr char kDrop[] =
    "INSERT INTO candor_counts AS old(epoch, name, total, dropped)"
    " SELECT $1, name, total, total FROM unnest($2::text[], $3::numeric[]) AS mine(name, total)"
    " ON CONFLICT (epoch, name) DO UPDATE SET"
    " dropped = old.dropped + greatest(excluded.total - old.total, 0),"
    " total = greatest(old.total, excluded.total) WHERE old.total < excluded.total";

std::optional<Error> Put(PostgresConnection& connection, const CounterTotals& mine,
                         const Sharing& how) {
  Arrays kept, dropped;
  for (const auto& [name, total] : mine.values) {
    const bool drops = !how.seen_seq || (how.drops && how.drops(name));
    (drops ? dropped : kept).Add(name, total);
  }
  for (const auto& [sql, arrays] : {std::pair(kKeep, &kept), std::pair(kDrop, &dropped)}) {
    if (arrays->empty()) continue;
    arrays->Close();
    const Result<PostgresRows> put =
        connection.Run(sql, {mine.epoch, arrays->names, arrays->totals}, kDoing);
    if (!put.ok()) return put.error();
  }
  return std::nullopt;
}

// The state's row is locked against a decision until the end of the transaction, the node's against
// other processes of the node.
std::optional<Error> CheckSeen(PostgresConnection& connection, const CounterTotals& mine,
                               const Sharing& how) {
  const Result<PostgresRows> state =
      connection.Run("SELECT consent_seq, moved_to FROM candor_state FOR SHARE", {}, kDoing);
  if (!state.ok()) return state.error();
  if (state.value().size() == 1) {
    if (auto error = CheckNotMoved(state.value().Text(0, 1))) return error;
  }
  if (state.value().size() != 1 || state.value().Integer(0, 0) != how.consent_seq) return Moved();
  const Result<PostgresRows> put =
      how.seen_seq ? connection.Run(
                         "UPDATE candor_nodes SET seen_seq = $2, shared_at = clock_timestamp()"
                         " WHERE epoch = $1 AND seen_seq = $3",
                         {mine.epoch, how.consent_seq, *how.seen_seq}, kDoing)
                   : connection.Run(
                         "INSERT INTO candor_nodes VALUES ($1, $2, clock_timestamp())"
                         " ON CONFLICT DO NOTHING",
                         {mine.epoch, how.consent_seq}, kDoing);
  if (!put.ok()) return put.error();
  if (put.value().changed() != 1) return Moved();
  return std::nullopt;
}

}  // namespace

Result<CounterTotals> ReadSum(PostgresConnection& connection) {
  const Result<PostgresRows> rows = connection.Run(
      "SELECT name, sum(total - dropped) FROM candor_counts GROUP BY name"
      " ORDER BY name COLLATE \"C\"",
      {}, kDoing);
  if (!rows.ok()) return rows.error();
  CounterTotals sum;
  sum.epoch = kSharedEpoch;
  for (int row = 0; row < rows.value().size(); ++row) {
    sum.values.emplace_back(rows.value().Text(row, 0), rows.value().Unsigned(row, 1));
  }
  return sum;
}

Result<std::optional<std::int64_t>> ReadSeenConsent(PostgresConnection& connection,
                                                    const std::string& epoch) {
  const Result<PostgresRows> rows =
      connection.Run("SELECT seen_seq FROM candor_nodes WHERE epoch = $1", {epoch}, kDoing);
  if (!rows.ok()) return rows.error();
  if (rows.value().size() == 0) return std::optional<std::int64_t>();
  return std::optional(rows.value().Integer(0, 0));
}

std::optional<Error> PutCounts(PostgresConnection& connection, const CounterTotals& mine,
                               const Sharing& how) {
  if (auto error = CheckSeen(connection, mine, how)) return error;
  return Put(connection, mine, how);
}

std::optional<Error> ForgetNode(PostgresConnection& connection, const std::string& epoch) {
  // Not deleted, which needs another right. Times keep two of one file apart.
  constexpr std::string_view kForget = "forget a node";
  const Result<PostgresRows> now = connection.Run(
      "SELECT '.' || floor(extract(epoch FROM clock_timestamp()) * 1000000)", {}, kForget);
  if (!now.ok()) return now.error();
  const std::string name = epoch + now.value().Text(0, 0);
  const Result<PostgresRows> counts = connection.Run(
      "UPDATE candor_counts SET epoch = $2 WHERE epoch = $1", {epoch, name}, kForget);
  if (!counts.ok()) return counts.error();
  const Result<PostgresRows> nodes =
      connection.Run("UPDATE candor_nodes SET epoch = $2, shared_at = '-infinity' WHERE epoch = $1",
                     {epoch, name}, kForget);
  if (!nodes.ok()) return nodes.error();
  return std::nullopt;
}

std::optional<Error> WriteNode(PostgresConnection& connection, const NodeRow& node,
                               std::int64_t consent_seq) {
  constexpr std::string_view kWrite = "write the counts";
  const Result<PostgresRows> put = connection.Run(
      "INSERT INTO candor_nodes VALUES ($1, $2, '-infinity')", {node.epoch, consent_seq}, kWrite);
  if (!put.ok()) return put.error();
  if (node.counts.empty()) return std::nullopt;
  Arrays totals, dropped;
  for (const NodeRow::Count& count : node.counts) {
    totals.Add(count.name, count.total);
    dropped.Add(count.name, count.dropped);
  }
  totals.Close();
  dropped.Close();
  const Result<PostgresRows> counts = connection.Run(
      "INSERT INTO candor_counts(epoch, name, total, dropped) SELECT $1, * FROM"
      " unnest($2::text[], $3::numeric[], $4::numeric[])",
      {node.epoch, totals.names, totals.totals, dropped.totals}, kWrite);
  if (!counts.ok()) return counts.error();
  return std::nullopt;
}

Result<CounterTotals> ShareCounts(PostgresConnection& connection, const CounterTotals& mine,
                                  const Sharing& how) {
  PostgresTransaction transaction(connection);
  if (transaction.error()) return *transaction.error();
  if (!mine.epoch.empty()) {
    if (auto error = PutCounts(connection, mine, how)) return std::move(*error);
  }
  Result<CounterTotals> sum = ReadSum(connection);
  if (!sum.ok()) return sum;
  if (auto error = transaction.Commit()) return std::move(*error);
  return sum;
}

}  // namespace candor
