// Where a report's facts and counts come from: the host that embeds the reporter, or what it left
// in the state folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "native/counters/counter_totals.h"

namespace candor {

class FactSource {
 public:
  virtual ~FactSource() = default;
  // The facts document (core/facts.h) as it is now, without counts.
  virtual std::string Facts() = 0;
  // For facts that change all the time: only when this changes, commands beside the host need to
  // see what Facts says by then. Nothing: they see every change.
  virtual std::optional<std::uint64_t> Edition() { return std::nullopt; }
  // Told at every turn: whether what was collected may be kept, or somebody said no.
  virtual void MayKeep(bool /*may*/) {}
  // What has been counted. Names are pointers into the report, such as
  // "/product/internals/commands/StartProcessInstanceCmd/count".
  virtual CounterTotals Totals() = 0;
  // Makes durable what Totals last returned. false when the disk refused.
  virtual bool SyncTotals() = 0;
};

}  // namespace candor
