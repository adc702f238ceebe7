#include <cstring>
#include <utility>

#include "core/exposition.h"
#include "core/exposition_family.h"
#include "core/exposition_feed.h"
#include "core/exposition_line.h"
#include "core/exposition_pick.h"

namespace candor {
class ExpositionSelector::Impl {
 public:
  Impl(std::span<const FamilySelection> selections, SampleHandler& handler,
       const ExpositionLimits& limits)
      : limits_(limits),
        selections_(selections),
        handler_(handler),
        feeder_(limits.line_bytes),
        reader_(kEitherRules, limits) {
    for (const FamilySelection& selection : selections) {
      for (const char* suffix : {"_count", "_sum", "_gcount", "_gsum"}) {
        point_names_.push_back(selection.name + suffix);
      }
    }
  }

  void Feed(std::string_view chunk) { feeder_.Feed(chunk, *this); }

  Problems Finish() {
    finishing_ = true;
    ruled_out_.clear();
    row_name_.clear();
    const bool unterminated = feeder_.Finish(*this);
    CloseFamily();
    if (unterminated && !has_eof_ && !stopped_) {
      Report({ErrorCode::kMalformedExposition, last_column_,
              "the last line must end in a line feed or be '# EOF'; the exposition may have been "
              "cut here"});
    }
    return std::move(problems_);
  }

  bool OnLine(const char* begin, const char* end, const char* readable) {
    if (IsRuledOut(begin, readable)) return CountSample();
    const std::string_view line(begin, static_cast<std::size_t>(end - begin));
    if (!IsRowName(line)) return OnOtherLine(line, readable);
    // Nothing is selected behind "# EOF", nor handed over of a line that was cut.
    if (!CountSample()) return false;
    OnSelectedRow(line, readable);
    return true;
  }

  void OnLongLine() { Report({ErrorCode::kOverLimit, 1, "this line is longer than the limit"}); }

 private:
  void Report(const LineProblem& problem) {
    problems_.Add({problem.code, "", problem.message, {feeder_.line(), problem.column}});
  }

  bool Stop(const LineProblem& problem) {
    Report(problem);
    stopped_ = true;
    return false;
  }

  bool CountSample() {
    if (samples_ == limits_.samples) {
      return Stop({ErrorCode::kOverLimit, 1, "there are more samples than the limit"});
    }
    ++samples_;
    return true;
  }

  // Whether the line starts as the last row did that was not selected.
  bool IsRuledOut(const char* begin, const char* readable) const {
    if (ruled_out_.empty()) return false;
    const auto left = static_cast<std::size_t>(readable - begin);
    if (left < 8) return false;  // Rare enough for the long way.
    std::uint64_t word;
    std::memcpy(&word, begin, 8);
    if ((word & ruled_out_mask_) != ruled_out_word_) return false;
    const std::size_t size = ruled_out_.size();
    return size <= 8 || (left >= size && SameBytes(begin, ruled_out_.data(), size));
  }

  // `line` starts with `name`, which is not selected.
  void RuleOut(std::string_view line, std::string_view name) {
    const std::size_t size = selections_.RulingOut(name);
    row_name_.clear();
    ruled_out_.clear();
    if (size > line.size()) return;
    ruled_out_.assign(line.substr(0, size));
    ruled_out_word_ = ruled_out_mask_ = 0;
    const std::size_t first = size < 8 ? size : 8;
    std::memcpy(&ruled_out_word_, ruled_out_.data(), first);
    std::memset(&ruled_out_mask_, 0xFF, first);
  }

  bool OnOtherLine(std::string_view line, const char* readable) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return true;
    if (has_eof_) {
      return Stop({ErrorCode::kMalformedExposition, 1, "nothing may follow '# EOF'"});
    }
    last_column_ = static_cast<std::uint32_t>(line.size()) + 1;
    if (line[first] == '#') {
      OnComment(line, first);
      return true;
    }
    if (!CountSample()) return false;
    if (feeder_.line() == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") {
      Report({ErrorCode::kMalformedExposition, 1, "a byte order mark may not stand here"});
      return true;
    }
    if (FindRow(line.substr(first)) && !finishing_) OnSelectedRow(line, readable);
    return true;
  }

  void OnComment(std::string_view line, std::size_t first) {
    std::size_t at = line.find_first_not_of(" \t", first + 1);
    if (at == std::string_view::npos) return;
    const std::string_view keyword = line.substr(at, 4);
    if (keyword.substr(0, 3) == "EOF") {
      CommentLine comment;
      LineProblem problem;
      if (ReadComment(line, kEitherRules, limits_, &comment, &problem) &&
          comment.kind == CommentLine::Kind::kEof) {
        CloseFamily();
        ruled_out_.clear();
        has_eof_ = true;
      }
      return;
    }
    // "# UNIT" is a mere comment in 0.0.4, and tells nothing that matters here.
    if (keyword != "HELP" && keyword != "TYPE") return;
    at = line.find_first_not_of(" \t", at + 4);
    if (at == std::string_view::npos) return;
    const std::string_view rest = line.substr(at);
    const std::string_view name = rest.substr(0, MetricNameLength(rest));
    if (name.empty() || (at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t')) return;
    OnMetadata(line, rest, name);
  }

  void OnMetadata(std::string_view line, std::string_view rest, std::string_view name) {
    const bool goes_on =
        family_ != kNotSelected && !family_has_rows_ && selections_.at(family_).name == name;
    if (!goes_on) {
      CloseFamily();
      family_ = selections_.Find(name);
      if (family_ == kNotSelected) {
        RuleOut(rest, name);
        return;
      }
      ruled_out_.clear();
    }
    CommentLine comment;
    LineProblem problem;
    if (finishing_) return;
    if (!ReadComment(line, kEitherRules, limits_, &comment, &problem)) {
      Report(problem);
    } else if (comment.kind == CommentLine::Kind::kType) {
      family_type_ = comment.type;
      family_buffers_ = comment.type == MetricType::kSummary ||
                        comment.type == MetricType::kHistogram ||
                        comment.type == MetricType::kGaugeHistogram;
    }
  }

  void CloseFamily() {
    if (family_buffers_) buffer_.Flush(handler_);
    family_ = kNotSelected;
    family_type_ = MetricType::kNone;
    family_has_rows_ = family_buffers_ = false;
    row_name_.clear();
  }

  void OnSelectedRow(std::string_view line, const char* readable) {
    if (row_role_ == SampleRole::kCreated && row_selection_ == kNotSelected) {
      family_has_rows_ = true;
      return;
    }
    LineProblem problem;
    if (!reader_.Read(line, readable, &problem)) {
      Report(problem);
      return;
    }
    if (row_role_ != SampleRole::kNone) OnFamilyRow();
    if (row_selection_ != kNotSelected &&
        (row_role_ == SampleRole::kNone || row_selection_ != family_)) {
      HandOver(row_selection_, selections_.at(row_selection_).name);
    }
  }

  // Whether this row has the name of the selected row before it, which row_name_ holds.
  bool IsRowName(std::string_view row) const {
    const std::size_t size = row_name_.size();
    return size != 0 && row.size() > size && SameBytes(row.data(), row_name_.data(), size) &&
           !Is(row[size], kMetric);
  }

  bool FindRow(std::string_view row) {
    const std::string_view name = row.substr(0, MetricNameLength(row));
    if (name.empty()) return false;
    row_role_ = SampleRole::kNone;
    if (family_ != kNotSelected) {
      row_role_ = RoleOf(name, selections_.at(family_).name, family_type_);
      if (row_role_ == SampleRole::kNone) CloseFamily();
    }
    row_selection_ = selections_.Find(name);
    if (row_role_ == SampleRole::kNone && row_selection_ == kNotSelected) {
      RuleOut(row, name);
      return false;
    }
    ruled_out_.clear();
    row_name_.assign(name);
    return true;
  }

  void OnFamilyRow() {
    family_has_rows_ = true;
    if (row_role_ == SampleRole::kCreated) return;
    if (!family_buffers_) {
      HandOver(family_, selections_.at(family_).name);
      return;
    }
    const std::string_view special_name =
        row_role_ == SampleRole::kBucket                                          ? "le"
        : row_role_ == SampleRole::kValue && family_type_ == MetricType::kSummary ? "quantile"
                                                                                  : "";
    const RawLabel* special = nullptr;
    std::uint64_t hash = 0;
    for (const RawLabel& label : reader_.labels()) {
      if (!special_name.empty() && label.name == special_name) {
        special = &label;
      } else {
        hash += HashLabel(label.name_hash, label.value);
      }
    }
    const FamilySelection& selection = selections_.at(family_);
    const HashIndex::Place set = buffer_.AddSet(hash);
    if (set.is_new && !selection.count_and_sum) {
      buffer_.AddUndefined(family_, selection.name, selections_.Pick(family_, reader_, special),
                           set.index);
    }
    if (row_role_ == SampleRole::kValue) {
      buffer_.SetHasValue(set.index);
      HandOver(family_, selection.name);
    } else if (selection.count_and_sum && row_role_ != SampleRole::kBucket) {
      HandOver(family_, PointName());
    }
  }

  std::string_view PointName() const {
    const std::size_t offset = row_role_ == SampleRole::kCount    ? 0
                               : row_role_ == SampleRole::kSum    ? 1
                               : row_role_ == SampleRole::kGCount ? 2
                                                                  : 3;
    return point_names_[4 * static_cast<std::size_t>(family_) + offset];
  }

  void HandOver(std::uint32_t selection, std::string_view name) {
    const std::span<const Label> labels = selections_.Pick(selection, reader_, nullptr);
    if (family_buffers_) {
      buffer_.Add(selection, name, labels, reader_.value());
    } else {
      handler_.OnSample({selection, name, labels, reader_.value()});
    }
  }

  ExpositionLimits limits_;
  Selections selections_;
  SampleHandler& handler_;
  LineFeeder feeder_;
  SampleReader reader_;
  Problems problems_;
  FamilyBuffer buffer_;
  std::vector<std::string> point_names_;  // Four for each selection.
  std::size_t samples_ = 0;
  std::uint32_t last_column_ = 1;
  bool has_eof_ = false;
  bool finishing_ = false;
  bool stopped_ = false;

  // The start of rows that cannot be selected while it is not empty; then no family is open.
  std::string ruled_out_;
  std::uint64_t ruled_out_word_ = 0;
  std::uint64_t ruled_out_mask_ = 0;

  // The selected family whose metadata stood last.
  std::uint32_t family_ = kNotSelected;
  MetricType family_type_ = MetricType::kNone;
  bool family_has_rows_ = false;
  bool family_buffers_ = false;

  // The selected name of the last row, or empty.
  std::string row_name_;
  std::uint32_t row_selection_ = kNotSelected;
  SampleRole row_role_ = SampleRole::kNone;
};

ExpositionSelector::ExpositionSelector(std::span<const FamilySelection> selections,
                                       SampleHandler& handler, const ExpositionLimits& limits)
    : impl_(std::make_unique<Impl>(selections, handler, limits)) {}
ExpositionSelector::~ExpositionSelector() = default;

void ExpositionSelector::Feed(std::string_view chunk) { impl_->Feed(chunk); }
Problems ExpositionSelector::Finish() { return impl_->Finish(); }

}  // namespace candor
