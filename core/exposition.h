// Prometheus text format 0.0.4 and OpenMetrics 1.0.
//
// Two readers over the same line grammar (core/exposition_line.h), both fed in chunks of any size:
//   ExpositionChecker   reads every line strictly and reports every problem;
//   ExpositionSelector  hands over the samples of allow-listed families with their allow-listed
//                       labels, and skips all other rows without parsing them.
// The selector keeps the incomplete last line and at most one summary or histogram at a time; the
// checker the label sets of the family at hand and a hash of each name seen. Value texts are never
// parsed and printed again. Not thread-safe.
//
// Where the formats leave room, or are left:
//   "1e400"            a number like any other: no text is turned into a double.
//   CRLF               in 0.0.4 a CR before LF counts as a blank; in OpenMetrics it is a problem.
//   no last line feed  in 0.0.4 a problem, since the last value may have been cut; in OpenMetrics
//                      only "# EOF" may go without.
//   0.0.4              blanks and tabs around tokens, empty lines, comments, a comma after the last
//                      label and rows without TYPE are read, and so are histograms whose label sets
//                      are mixed; a family whose rows do not stand together, a sample given twice
//                      and an unknown escape are problems.
//   OpenMetrics        a sample given twice without timestamps is a problem, one with equal
//                      timestamps is not, for they may have been rounded. Names that start with
//                      '_' are reserved, but read.
//   NUL                allowed in the help of OpenMetrics only, a problem everywhere else.
//   byte order mark    a problem.
//   native histograms  their text form belongs to neither format: a problem.
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
  // its line and column. A line has one problem at most, but for those of its family. Nothing is
  // read beyond the limit of samples, which limits the families, too.
  Problems Finish();
  std::size_t families() const;
  std::size_t samples() const;  // Rows that are not comments, well-formed or not.

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct Label {
  std::string_view name;
  std::string_view value;  // Escapes resolved.
};

// One selected family, by its name in the exposition or by a sample's whole name
// ("x_total" selects the sample of the OpenMetrics counter "x"). A row that two selections name is
// handed over to both. `x_created` is no sample of the selected family "x"; it has to be named.
struct FamilySelection {
  std::string name;
  // Allowed label names; all others are dropped, `le` and `quantile` like any other.
  std::vector<std::string> labels;
  bool count_and_sum = false;  // Summaries, histograms: hand over `_count` and `_sum`, too.
};

// A sample that was selected. Views live until the handler returns.
struct SelectedSample {
  std::size_t selection = 0;      // Index into the selections.
  std::string_view name;          // The sample's name as the point's key: the selected name, or
                                  // "<name>_count", "<name>_sum", "<name>_gcount", "<name>_gsum".
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
  // Tells the format by itself: OpenMetrics ends in a line "# EOF". So it reads what either format
  // allows. Both borrowed arguments must outlive the selector. Families and samples are handed over
  // in the order of the exposition; a summary's or histogram's once its family is complete. Rows of
  // a family that comes twice are handed over each time.
  // REQUIRES: the names of the selections differ.
  ExpositionSelector(std::span<const FamilySelection> selections, SampleHandler& handler,
                     const ExpositionLimits& limits = {});
  ~ExpositionSelector();
  void Feed(std::string_view chunk);
  // Call once, after the last chunk. Problems of selected rows and their metadata, of limits on
  // lines and samples anywhere, and of an exposition that was cut or goes on behind "# EOF". When
  // there are any, what was handed over is not the whole.
  Problems Finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
