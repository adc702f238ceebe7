// What the nodes that share a store have counted together.
//
// Each node hands over the totals of its counters, again and again, and each of its counts enters
// the sum once, whatever was lost in between: what is kept is the largest total of every name, and
// nothing is ever added to. What a node counted before a yes that it had not yet seen is dropped
// for good, see `drops`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/counters/counter_totals.h"

namespace candor {

struct Sharing {
  // The consent entry (0 for none) under which this node shared last, as SeenConsent told it, and
  // the state's now. kConflict when either is not so any more.
  std::optional<std::int64_t> seen_seq;
  std::int64_t consent_seq = 0;
  // What was counted under this name since the node shared last does not enter the sum. A node that
  // the store does not know yet drops all that it has counted so far.
  std::function<bool(std::string_view name)> drops;
};

class NodeCounts {
 public:
  virtual ~NodeCounts() = default;

  // Nothing when no node of this epoch has shared yet. Errors: kUnavailable.
  virtual Result<std::optional<std::int64_t>> SeenConsent(const std::string& epoch) = 0;
  // The sum of all nodes, under an epoch of its own. A node without counters (an empty epoch) only
  // reads it. `mine` must be durable. Errors: kUnavailable, kConflict.
  virtual Result<CounterTotals> Share(const CounterTotals& mine, const Sharing& how) = 0;
};

}  // namespace candor
