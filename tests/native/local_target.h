// What the local API works on in tests without a service: real counters in memory, a real folder of
// facts, and the engine's catalogue.
#pragma once

#include <string>

#include "core/catalogue.h"
#include "native/counters/counters.h"
#include "native/serve/local_api.h"

namespace candor {

class TestTarget : public LocalTarget {
 public:
  explicit TestTarget(const std::string& facts_folder)
      : catalogue_(Engine()),
        counters_(""),
        counts_(catalogue_, catalogue_, counters_),
        shelf_(facts_folder) {}

  LocalCounts* counts() override { return off ? nullptr : &counts_; }
  std::string why_off() override { return off ? "the mode is disabled" : ""; }
  const FactsShelf& facts() override { return shelf_; }
  void FactsChanged() override { ++facts_changed; }
  Result<std::string> Status() override { return std::string("{}\n"); }
  Result<std::string> Components() override {
    return Error{ErrorCode::kNotFound, "", "no components are configured"};
  }
  Result<std::string> History(const MetricQuery& query) override {
    return query.component + " since " + std::to_string(query.since);
  }
  std::string Metrics() override { return ""; }

  CounterTotals Totals() const { return counters_.Totals(); }
  std::uint64_t Total(std::string_view pointer) const {
    for (const auto& [name, count] : Totals().values) {
      if (name == pointer) return count;
    }
    return 0;
  }

  bool off = false;
  int facts_changed = 0;

 private:
  // Read once: the fuzz target makes many of these.
  static const Catalogue& Engine() {
    static const Catalogue engine = ParseCatalogue(FindBuiltInCatalogue("engine")->json).value();
    return engine;
  }

  const Catalogue& catalogue_;
  Counters counters_;
  LocalCounts counts_;
  const FactsShelf shelf_;
};

}  // namespace candor
