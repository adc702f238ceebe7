// Prometheus text format 0.0.4 and OpenMetrics 1.0.
//
// Two readers over the same line grammar (core/exposition_line.h), both fed in chunks of any size
// and both in constant memory apart from the family at hand:
//   ExpositionChecker   reads every line strictly and reports every problem;
//   ExpositionSelector  hands over the samples of allow-listed families with their allow-listed
//                       labels, and skips all other rows without parsing them.
// Value texts are never parsed and printed again. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace candor {

enum class ExpositionFormat : std::uint8_t { kPrometheusText, kOpenMetrics };

struct ExpositionLimits {
  std::size_t line_bytes = 64 * 1024;
  std::size_t labels = 64;
  std::size_t name_bytes = 256;
  std::size_t label_value_bytes = 1024;
  std::size_t samples = 1'000'000;
};

class ExpositionChecker {
 public:
  ExpositionChecker(ExpositionFormat format, const ExpositionLimits& limits = {});
  ~ExpositionChecker();
  void Feed(std::string_view chunk);
  // Call once, after the last chunk. Errors: kMalformedExposition, kNotUtf8, kOverLimit, each with
  // its line and column.
  Problems Finish();
  std::size_t families() const;
  std::size_t samples() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct Label {
  std::string_view name;
  std::string_view value;  // Escapes resolved.
};

// One selected family, by its name in the exposition or by a sample's whole name
// ("x_total" selects the sample of the OpenMetrics counter "x").
struct FamilySelection {
  std::string name;
  std::vector<std::string> labels;  // Allowed label names; all others are dropped.
  bool count_and_sum = false;       // Summaries, histograms: hand over `_count` and `_sum`, too.
};

// A sample that was selected. Views live until the handler returns.
struct SelectedSample {
  std::size_t selection = 0;      // Index into the selections.
  std::string_view name;          // The sample's name as the point's key: the selected name, or
                                  // "<name>_count", "<name>_sum".
  std::span<const Label> labels;  // Allowed ones, sorted by name.
  // The text of the value. "undefined" for a label set of a summary or histogram that has no value
  // of its own (no quantiles), once for each label set, unless count_and_sum is set.
  std::string_view value;
};

class SampleHandler {
 public:
  virtual ~SampleHandler() = default;
  virtual void OnSample(const SelectedSample& sample) = 0;
};

class ExpositionSelector {
 public:
  // Tells the format by itself: OpenMetrics ends in a line "# EOF". Both borrowed arguments must
  // outlive the selector. Families and samples are handed over in the order of the exposition; a
  // summary's or histogram's once its family is complete.
  ExpositionSelector(std::span<const FamilySelection> selections, SampleHandler& handler,
                     const ExpositionLimits& limits = {});
  ~ExpositionSelector();
  void Feed(std::string_view chunk);
  // Call once, after the last chunk. Problems of selected rows, and of limits anywhere.
  Problems Finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
