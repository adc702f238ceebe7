// A PostgreSQL database as one end of a move (state_move.h).
//
// Not thread-safe. Errors of all: kUnavailable, kCorrupt; kConflict where it says so.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "native/counters/counter_totals.h"
#include "native/state/moved_counts.h"
#include "native/state/postgres_connection.h"
#include "native/state/whole_state.h"

namespace candor {

class DatabaseEnd {
 public:
  // Makes the tables where they are missing. Errors also: kBadRequest (CheckConninfo), kOutOfRange
  // (made by a later version).
  static Result<std::unique_ptr<DatabaseEnd>> Open(const std::string& conninfo);

  // For people, and the same whenever it is opened.
  const std::string& place() const { return place_; }
  // As candor_state has it.
  Result<std::string> MovedTo();
  // Once nobody is changing it any more.
  Result<Standing> Stand(const JournalHead& other);

  // As the target, all at once. After an error it may be written all the same: Stand knows.
  std::optional<Error> Write(const WholeState& whole, const std::vector<NodeRow>& nodes);

  // As the source. From now on nobody else reads or writes it. The counts of this machine's file
  // enter the sum if it is a node, for the last time. kConflict when somebody else uses it, which
  // `force` takes for untrue, or when this machine's node has not seen the last decision. Done
  // before, it does nothing.
  std::optional<Error> Leave(const std::string& to, const CounterTotals& mine, bool force);
  Result<WholeState> Read();
  Result<CounterTotals> Sum();
  // It has arrived, or it stays.
  std::optional<Error> HasArrived(const std::string& to);
  std::optional<Error> Stays(const std::string& to);

 private:
  explicit DatabaseEnd(std::string conninfo) : conninfo_(std::move(conninfo)) {}
  std::optional<Error> Connect();
  std::optional<Error> BeReady();
  std::optional<Error> CheckUnused();
  std::optional<Error> TakeLastCounts(const CounterTotals& mine);
  std::optional<Error> SetMovedTo(const std::string& from, const std::string& to);

  const std::string conninfo_;
  Patience patience_;
  std::unique_ptr<PostgresConnection> connection_;
  std::string place_;
};

}  // namespace candor
