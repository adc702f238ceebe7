#include "native/state/state_move.h"

#include <unistd.h>

#include <utility>

#include "native/counters/counters.h"
#include "native/state/database_end.h"
#include "native/state/folder_end.h"
#include "native/state/moved_folder.h"
#include "native/state/postgres_schema.h"
#include "native/state/set_aside.h"

namespace candor {
namespace {

Error Placed(const std::string& place, ErrorCode code, std::string message) {
  return Error{code, "", std::move(message), {}, place};
}

bool Exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

void Reached(const MoveOrder& order, MoveStep step) {
  if (order.reached) order.reached(step);
}

Error NotEmpty(const std::string& place, const Standing& standing, const std::string& remedy) {
  std::string what = standing.installation.empty() ? std::string("no installation")
                                                   : "the installation " + standing.installation;
  what += ", " + std::to_string(standing.entries) + " journal entries, " +
          std::to_string(standing.reports) + " reports";
  return Placed(
      place, ErrorCode::kConflict,
      "is not empty, it holds " + what + ": a state moves only into an empty place; " + remedy);
}

Error Nothing(const std::string& place, const std::string& moved_to) {
  return Placed(place, ErrorCode::kConflict,
                moved_to.empty() ? "holds no installation: there is nothing to move"
                                 : "holds no state any more: it was moved to " + moved_to);
}

Moved Summary(const WholeState& whole, std::string from, std::string to) {
  Moved moved;
  moved.installation = whole.state.installation;
  moved.from = std::move(from);
  moved.to = std::move(to);
  moved.entries = whole.head.seq;
  moved.reports = static_cast<std::int64_t>(whole.reports.size());
  return moved;
}

// Opens only what is there: looking at the epoch makes no file.
Result<std::string> EpochOf(const std::string& path) {
  if (!Exists(path)) return std::string();
  const Counters counters(path);
  if (counters.why_in_memory().empty()) return counters.Totals().epoch;
  return Placed(path, ErrorCode::kUnavailable,
                "the counters cannot be read: " + counters.why_in_memory());
}

class ToDatabase {
 public:
  ToDatabase(const MoveOrder& order, FolderEnd& from, DatabaseEnd& to)
      : order_(order), from_(from), to_(to) {}

  Result<Moved> Run(const std::string& epoch) {
    const Result<std::string> leaving = from_.MovedTo();
    if (!leaving.ok()) return leaving.problems();
    Result<WholeState> read = from_.Read();
    if (!read.ok()) return std::move(read).problems();
    WholeState whole = std::move(read).value();
    if (whole.state.installation.empty()) return Nothing(from_.place(), leaving.value());
    if (!leaving.value().empty() && leaving.value() != to_.place() && !order_.force) {
      return Placed(from_.place(), ErrorCode::kConflict,
                    "is on its way to " + leaving.value() +
                        ": name that one to finish, or use --force when it is certain that nothing "
                        "arrived there");
    }
    const Result<std::string> moved_on = to_.MovedTo();
    if (!moved_on.ok()) return moved_on.problems();
    if (auto error = CheckNotMoved(moved_on.value())) return std::move(*error);
    const Result<Standing> standing = to_.Stand(whole.head);
    if (!standing.ok()) return standing.problems();
    Moved moved = Summary(whole, from_.place(), to_.place());
    moved.was_there = leaving.value() == to_.place() && Arrived(whole, standing.value());
    if (!moved.was_there && !standing.value().empty()) {
      return NotEmpty(to_.place(), standing.value(),
                      "name another schema (options=-csearch_path=...) or database");
    }
    if (!moved.was_there) {
      if (auto error = Carry(std::move(whole), epoch)) return std::move(*error);
    }
    Reached(order_, MoveStep::kWritten);
    Result<std::string> put_away = from_.HasArrived();
    if (!put_away.ok()) return std::move(put_away).problems();
    moved.put_away = std::move(put_away).value();
    return moved;
  }

 private:
  static bool Arrived(const WholeState& whole, const Standing& standing) {
    return standing.continues && standing.installation == whole.state.installation;
  }

  std::optional<Error> Carry(WholeState whole, const std::string& epoch) {
    const std::vector<NodeRow> nodes = TurnIntoNodes(whole, epoch);
    if (auto error = from_.Leave(to_.place())) return error;
    Reached(order_, MoveStep::kLeft);
    std::optional<Error> error = to_.Write(whole, nodes);
    if (!error) return std::nullopt;
    const Result<Standing> standing = to_.Stand(whole.head);
    if (standing.ok() && Arrived(whole, standing.value())) return std::nullopt;
    if (standing.ok()) {
      if (auto stays = from_.IsHere()) return stays;
      return error;
    }
    error->message +=
        "; whether the state has arrived is unknown: call this again when the database answers";
    return error;
  }

  const MoveOrder& order_;
  FolderEnd& from_;
  DatabaseEnd& to_;
};

class ToFolder {
 public:
  ToFolder(const MoveOrder& order, DatabaseEnd& from, FolderEnd& to, Counters& counters)
      : order_(order), from_(from), to_(to), counters_(counters) {}

  Result<Moved> Run() {
    const Result<WholeState> whole = from_.Read();
    if (!whole.ok()) return whole.problems();
    const Result<std::string> moved_to = from_.MovedTo();
    if (!moved_to.ok()) return moved_to.problems();
    if (whole.value().state.installation.empty()) return Nothing(from_.place(), moved_to.value());
    const bool leaving = moved_to.value().rfind(kLeaving, 0) == 0;
    const bool to_here = moved_to.value() == kLeaving + to_.place();
    if (!to_here && !(leaving && order_.force)) {
      if (auto error = CheckNotMoved(moved_to.value())) return std::move(*error);
    }
    const Result<Standing> standing = to_.Stand(whole.value().head);
    if (!standing.ok()) return standing.problems();
    Moved moved = Summary(whole.value(), from_.place(), to_.place());
    moved.was_there = to_here && standing.value().continues &&
                      standing.value().installation == moved.installation;
    if (!moved.was_there && !standing.value().empty()) {
      return NotEmpty(to_.place(), standing.value(), "name another --state-folder");
    }
    if (!moved.was_there) {
      if (auto error = Carry()) return std::move(*error);
    }
    Reached(order_, MoveStep::kWritten);
    std::optional<Error> error = to_.IsHere();
    if (!error) error = from_.HasArrived(to_.place());
    if (!error) return moved;
    error->message += "; the state has arrived: call this again to finish";
    return std::move(*error);
  }

 private:
  std::optional<Error> Carry() {
    before_ = counters_.Totals();
    if (!counters_.Sync()) return CountersFailed();
    if (auto error = from_.Leave(to_.place(), before_, order_.force)) return error;
    Reached(order_, MoveStep::kLeft);
    std::optional<Error> error = Fill();
    if (!error) return std::nullopt;
    const Result<Standing> standing = to_.Stand({});
    if (standing.ok() && !standing.value().empty()) return std::nullopt;
    if (standing.ok()) {
      if (auto still_leaving = from_.Stays(to_.place())) {
        error->message += "; call this again when that is mended";
      }
    }
    return error;
  }

  // The additions count only under the baselines that are written behind them. Whoever dies in
  // between wastes them: the next try begins at the totals it finds, and the database, where the
  // file is no node any more, never hears of them.
  std::optional<Error> Fill() {
    Result<WholeState> read = from_.Read();
    if (!read.ok()) return read.error();
    WholeState whole = std::move(read).value();
    const Result<CounterTotals> sum = from_.Sum();
    if (!sum.ok()) return sum.error();
    if (auto error = Add(CountsToAdd(whole, sum.value()))) return error;
    Reached(order_, MoveStep::kAdded);
    TurnIntoFile(whole, before_);
    return to_.Write(whole);
  }

  std::optional<Error> Add(const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
    std::vector<std::uint32_t> places;
    for (const auto& [name, count] : counts) {
      places.push_back(counters_.Intern(name));
      if (places.back() == Counters::kNoCounter) {
        return Placed(order_.counters, ErrorCode::kOverLimit,
                      "the counters have no room for the " + std::to_string(counts.size()) +
                          " names of all nodes: name another --state-folder");
      }
    }
    for (std::size_t i = 0; i < counts.size(); ++i) counters_.Add(places[i], counts[i].second);
    if (!counters_.Sync()) return CountersFailed();
    return std::nullopt;
  }

  Error CountersFailed() const {
    return Placed(order_.counters, ErrorCode::kUnavailable,
                  "the counters cannot be made durable: see to the disk and call this again");
  }

  const MoveOrder& order_;
  DatabaseEnd& from_;
  FolderEnd& to_;
  Counters& counters_;
  CounterTotals before_;
};

}  // namespace

Result<Moved> MoveToDatabase(const MoveOrder& order, Clock& clock) {
  // Opening would make a new one.
  if (!Exists(order.folder + '/' + kDatabaseName)) {
    const Result<std::string> moved_to = ReadMovedTo(order.folder);
    if (!moved_to.ok()) return moved_to.problems();
    return Nothing(order.folder, moved_to.value());
  }
  const Result<std::unique_ptr<FolderEnd>> from = FolderEnd::Open(order.folder, clock);
  if (!from.ok()) return from.problems();
  const Result<std::string> epoch = EpochOf(order.counters);
  if (!epoch.ok()) return epoch.problems();
  const Result<std::unique_ptr<DatabaseEnd>> to = DatabaseEnd::Open(order.database);
  if (!to.ok()) return to.problems();
  return ToDatabase(order, *from.value(), *to.value()).Run(epoch.value());
}

Result<Moved> MoveToFolder(const MoveOrder& order, Clock& clock) {
  const Result<std::unique_ptr<DatabaseEnd>> from = DatabaseEnd::Open(order.database);
  if (!from.ok()) return from.problems();
  const Result<std::unique_ptr<FolderEnd>> to = FolderEnd::Open(order.folder, clock);
  if (!to.ok()) return to.problems();
  Counters counters(order.counters);
  if (!counters.why_in_memory().empty()) {
    return Placed(order.counters, ErrorCode::kUnavailable,
                  "the counters cannot be used: " + counters.why_in_memory());
  }
  return ToFolder(order, *from.value(), *to.value(), counters).Run();
}

}  // namespace candor
