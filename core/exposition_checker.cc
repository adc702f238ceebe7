#include <utility>

#include "core/exposition.h"
#include "core/exposition_family.h"
#include "core/exposition_feed.h"
#include "core/exposition_line.h"

namespace candor {

class ExpositionChecker::Impl {
 public:
  Impl(ExpositionFormat format, const ExpositionLimits& limits)
      : format_(format),
        limits_(limits),
        rules_(is_openmetrics() ? kOpenMetricsRules : kPrometheusRules),
        feeder_(limits.line_bytes),
        reader_(rules_, limits),
        families_(format, &problems_) {}

  void Feed(std::string_view chunk) { feeder_.Feed(chunk, *this); }

  Problems Finish() {
    const bool unterminated = feeder_.Finish(*this);
    families_.Finish();
    const std::uint32_t line = feeder_.line();
    if (stopped_) return std::move(problems_);
    if (is_openmetrics() && !has_eof_) {
      Report({ErrorCode::kMalformedExposition, 1,
              "the last line must be '# EOF'; without it the exposition may have been cut"},
             unterminated ? line : line + 1);
    } else if (!is_openmetrics() && unterminated) {
      Report({ErrorCode::kMalformedExposition, last_column_,
              "the last line must end in a line feed; without it the exposition may have been cut"},
             line);
    }
    return std::move(problems_);
  }

  bool OnLine(const char* begin, const char* end, const char* readable) {
    const std::string_view line(begin, static_cast<std::size_t>(end - begin));
    last_column_ = static_cast<std::uint32_t>(line.size()) + 1;
    if (has_eof_) {
      return Stop({ErrorCode::kMalformedExposition, 1, "nothing may follow '# EOF'"});
    }
    const std::size_t first = rules_.loose_blanks ? line.find_first_not_of(" \t\r") : 0;
    if (line.empty() || first == std::string_view::npos) {
      if (is_openmetrics()) {
        Report({ErrorCode::kMalformedExposition, 1, "empty lines are not allowed"}, feeder_.line());
      }
      return true;
    }
    return line[first] == '#' ? OnComment(line) : OnSample(line, readable);
  }

  void OnLongLine() {
    families_.OnMalformed();
    Report({ErrorCode::kOverLimit, 1, "this line is longer than the limit"}, feeder_.line());
  }

  std::size_t families() const { return families_.families(); }
  std::size_t samples() const { return samples_; }

 private:
  bool is_openmetrics() const { return format_ == ExpositionFormat::kOpenMetrics; }

  void Report(const LineProblem& problem, std::uint32_t line) {
    problems_.Add({problem.code, "", problem.message, {line, problem.column}});
  }

  bool Stop(const LineProblem& problem) {
    Report(problem, feeder_.line());
    stopped_ = true;
    return false;
  }

  bool OnComment(std::string_view line) {
    CommentLine comment;
    LineProblem problem;
    if (!ReadComment(line, rules_, limits_, &comment, &problem)) {
      families_.OnMalformed();
      Report(problem, feeder_.line());
      return true;
    }
    if (comment.kind == CommentLine::Kind::kComment) return true;
    if (comment.kind == CommentLine::Kind::kEof) {
      has_eof_ = true;
      return true;
    }
    families_.OnMetadata(comment, feeder_.line());
    if (families_.families() <= limits_.samples) return true;
    return Stop({ErrorCode::kOverLimit, 1, "there are more families than samples are allowed"});
  }

  bool OnSample(std::string_view line, const char* readable) {
    if (samples_ == limits_.samples) {
      return Stop({ErrorCode::kOverLimit, 1, "there are more samples than the limit"});
    }
    ++samples_;
    LineProblem problem;
    if (reader_.Read(line, readable, &problem)) {
      families_.OnSample(reader_, feeder_.line());
      return true;
    }
    families_.OnMalformed();
    if (feeder_.line() == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") {
      problem = {ErrorCode::kMalformedExposition, 1, "a byte order mark may not stand here"};
    }
    Report(problem, feeder_.line());
    return true;
  }

  ExpositionFormat format_;
  ExpositionLimits limits_;
  LineRules rules_;
  LineFeeder feeder_;
  SampleReader reader_;
  Problems problems_;
  FamilyChecker families_;
  std::size_t samples_ = 0;
  std::uint32_t last_column_ = 1;
  bool has_eof_ = false;
  bool stopped_ = false;
};

ExpositionChecker::ExpositionChecker(ExpositionFormat format, const ExpositionLimits& limits)
    : impl_(std::make_unique<Impl>(format, limits)) {}
ExpositionChecker::~ExpositionChecker() = default;

void ExpositionChecker::Feed(std::string_view chunk) { impl_->Feed(chunk); }
Problems ExpositionChecker::Finish() { return impl_->Finish(); }
std::size_t ExpositionChecker::families() const { return impl_->families(); }
std::size_t ExpositionChecker::samples() const { return impl_->samples(); }

}  // namespace candor
