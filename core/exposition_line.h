// One line of an exposition: the grammar that the checker and the selector share.
//
// The two formats differ in details only, so there is one reader with switches. The selector cannot
// know the format before the last line and reads what either allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition.h"
#include "core/exposition_bytes.h"
#include "core/result.h"

namespace candor {

struct LineRules {
  // 0.0.4: blanks and tabs around every token, a comma after the last label, CR before LF.
  bool loose_blanks = false;
  // OpenMetrics: exemplars and timestamps in seconds; otherwise whole milliseconds.
  bool exemplars = false;
  // OpenMetrics: "\x" stands for itself where x is none of n, " and backslash.
  bool loose_escapes = false;
};

inline constexpr LineRules kPrometheusRules{true, false, false};
inline constexpr LineRules kOpenMetricsRules{false, true, true};
inline constexpr LineRules kEitherRules{true, true, true};

// What is wrong with a line; the message is static.
struct LineProblem {
  ErrorCode code = ErrorCode::kMalformedExposition;
  std::uint32_t column = 1;
  const char* message = "";
};

// A label as it stands in the line.
struct RawLabel {
  std::string_view name;
  std::string_view value;  // Between the quotes, escapes unresolved.
  std::uint64_t name_hash = 0;
  bool escaped = false;  // `value` holds a backslash.
};

// Appends `raw` with \\, \" and \n resolved; any other escape stands for itself.
void AppendUnescaped(std::string_view raw, std::string* out);

// Reads sample lines. Neighbouring rows mostly carry the same names; the reader remembers those of
// the last row and compares instead of judging them anew. Allocates only while it warms up.
class SampleReader {
 public:
  SampleReader(LineRules rules, const ExpositionLimits& limits);

  // Reads a line without its line feed; the bytes up to `readable`, not before the line's end, may
  // be looked at. On false, `problem` says what is wrong; otherwise the accessors hold until the
  // next call, and borrow the line.
  bool Read(std::string_view line, const char* readable, LineProblem* problem);

  std::string_view name() const { return name_; }
  bool same_name() const { return same_name_; }  // As in the row read before.
  // While it stays the same, the labels of all rows are the first few of one list of names.
  std::uint32_t shape() const { return shape_; }
  std::span<const RawLabel> labels() const { return labels_; }
  std::string_view value() const { return value_; }
  std::string_view timestamp() const { return timestamp_; }  // Empty when there is none.

  bool has_exemplar() const { return exemplar_column_ != 0; }
  std::uint32_t exemplar_column() const { return exemplar_column_; }  // Of its '#'.
  std::span<const RawLabel> exemplar_labels() const { return exemplar_labels_; }

  // 1-based column of a view into the line last read.
  std::uint32_t Column(std::string_view part) const { return ColumnAt(part.data()); }

 private:
  // The text around a label's value in the last row, e.g. `,area="`.
  struct Known {
    std::string before;
    std::uint32_t name_offset = 0;
    std::uint32_t name_size = 0;
    std::uint64_t name_hash = 0;
  };

  std::uint32_t ColumnAt(const char* at) const {
    return static_cast<std::uint32_t>(at - line_) + 1;
  }
  bool Fail(const char* at, const char* message, ErrorCode code = ErrorCode::kMalformedExposition);
  void SkipBlanks();
  bool ReadName();
  bool ReadLabels(std::vector<RawLabel>* labels, bool known);
  bool ReadLabelName(std::vector<RawLabel>* labels, const char* from, bool known);
  bool ReadLabelValue(RawLabel* label);
  bool ReadEscapes(const char* start, bool high, RawLabel* label);
  bool CheckLabelValue(const RawLabel& label, bool plain);
  bool IsRepeated(const std::vector<RawLabel>& labels, std::string_view name) const;
  bool ReadGap(const char* message);
  std::string_view ReadToken();
  bool ReadValue(std::string_view* value);
  bool ReadTimestamp();
  bool ReadExemplar();

  LineRules rules_;
  ExpositionLimits limits_;
  LineProblem* problem_ = nullptr;
  const char* line_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* readable_ = nullptr;

  std::string_view name_;
  std::vector<RawLabel> labels_;
  std::string_view value_;
  std::string_view timestamp_;
  std::uint32_t exemplar_column_ = 0;
  std::vector<RawLabel> exemplar_labels_;

  std::string known_name_;
  std::vector<Known> known_;  // Grows only, so that its strings keep their memory.
  std::size_t known_count_ = 0;
  std::uint32_t shape_ = 0;
  bool same_name_ = false;
};

enum class MetricType : std::uint8_t {
  kNone,  // No TYPE line.
  kUntyped,
  kUnknown,
  kCounter,
  kGauge,
  kHistogram,
  kSummary,
  kGaugeHistogram,
  kInfo,
  kStateSet,
};

struct CommentLine {
  enum class Kind : std::uint8_t { kComment, kHelp, kType, kUnit, kEof };
  Kind kind = Kind::kComment;
  std::string_view name;  // Of the family; for kHelp, kType and kUnit.
  std::string_view rest;  // The help, the type or the unit.
  MetricType type = MetricType::kNone;
};

// Reads a line whose first byte, blanks aside, is '#'. With `rules` for one format the line must be
// well-formed in it; text that the format treats as a mere comment is one.
bool ReadComment(std::string_view line, const LineRules& rules, const ExpositionLimits& limits,
                 CommentLine* comment, LineProblem* problem);

}  // namespace candor
