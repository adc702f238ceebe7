// Adding to counts on behalf of other programs. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "core/catalogue.h"
#include "core/result.h"
#include "native/counters/counters.h"

namespace candor {

class LocalCounts {
 public:
  // All borrowed. `offered` is `whole` without what the configuration withholds.
  LocalCounts(const Catalogue& whole, const Catalogue& offered, Counters& counters)
      : whole_(whole), offered_(offered), counters_(counters) {}

  // Adds what a document {"NAME": n, ...} says, or nothing; n is an integer from 0 to 2^53-1, and
  // so is what a count may come to. Names are those of CounterCalled. Errors: those of ReadJson;
  // kWrongType, kOutOfRange, kNotFound, kOverLimit; kUnavailable when there is no room.
  Problems Add(std::string_view body);
  // {"counts": {"/pointer": n, ...}}: all that was ever counted here.
  std::string TotalsJson() const;

 private:
  const Catalogue& whole_;
  const Catalogue& offered_;
  Counters& counters_;
};

}  // namespace candor
