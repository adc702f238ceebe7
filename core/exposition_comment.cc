#include <array>

#include "core/exposition_line.h"
#include "core/text.h"

namespace candor {
namespace {

struct TypeWord {
  std::string_view word;
  MetricType type;
  bool in_prometheus;
  bool in_openmetrics;
};

constexpr std::array<TypeWord, 9> kTypeWords{{
    {"counter", MetricType::kCounter, true, true},
    {"gauge", MetricType::kGauge, true, true},
    {"histogram", MetricType::kHistogram, true, true},
    {"summary", MetricType::kSummary, true, true},
    {"untyped", MetricType::kUntyped, true, false},
    {"unknown", MetricType::kUnknown, false, true},
    {"gaugehistogram", MetricType::kGaugeHistogram, false, true},
    {"info", MetricType::kInfo, false, true},
    {"stateset", MetricType::kStateSet, false, true},
}};

MetricType FindType(std::string_view word, const LineRules& rules) {
  for (const TypeWord& known : kTypeWords) {
    if (known.word != word) continue;
    const bool fits =
        (rules.loose_blanks && known.in_prometheus) || (rules.exemplars && known.in_openmetrics);
    return fits ? known.type : MetricType::kNone;
  }
  return MetricType::kNone;
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Splits a comment line into words.
class Words {
 public:
  Words(std::string_view line, const LineRules& rules) : line_(line), rules_(rules) {
    if (!rules.loose_blanks) return;
    if (!line_.empty() && line_.back() == '\r') line_.remove_suffix(1);
    Skip();
  }

  std::size_t at() const { return at_; }
  std::uint32_t column() const { return static_cast<std::uint32_t>(at_) + 1; }
  std::string_view rest() const { return line_.substr(at_); }
  void Advance(std::size_t bytes) { at_ += bytes; }

  // The gap before the next word: one blank, or in 0.0.4 any number of blanks and tabs.
  bool Gap() {
    if (at_ == line_.size()) return false;
    if (!rules_.loose_blanks) {
      if (line_[at_] != ' ') return false;
      ++at_;
      return true;
    }
    if (!IsBlank(line_[at_])) return false;
    Skip();
    return true;
  }

  std::string_view Word() {
    const std::size_t start = at_;
    while (at_ < line_.size() && !IsBlank(line_[at_])) ++at_;
    return line_.substr(start, at_ - start);
  }

  void Skip() {
    while (at_ < line_.size() && IsBlank(line_[at_])) ++at_;
  }

  void TrimEnd() {
    while (rules_.loose_blanks && line_.size() > at_ && IsBlank(line_.back())) {
      line_.remove_suffix(1);
    }
  }

 private:
  std::string_view line_;
  const LineRules& rules_;
  std::size_t at_ = 0;
};

bool Fail(LineProblem* problem, std::uint32_t column, const char* message,
          ErrorCode code = ErrorCode::kMalformedExposition) {
  *problem = {code, column, message};
  return false;
}

// Help is the only place where any text may stand.
bool CheckText(std::string_view line, const LineRules& rules, LineProblem* problem) {
  const std::size_t bad = FindInvalidUtf8(line);
  if (bad != std::string_view::npos) {
    return Fail(problem, static_cast<std::uint32_t>(bad) + 1, "this byte is not UTF-8",
                ErrorCode::kNotUtf8);
  }
  // OpenMetrics allows NUL in help.
  const std::size_t nul = rules.exemplars ? std::string_view::npos : line.find('\0');
  if (nul != std::string_view::npos) {
    return Fail(problem, static_cast<std::uint32_t>(nul) + 1, "NUL may not stand in this format",
                ErrorCode::kNotUtf8);
  }
  return true;
}

bool CheckHelp(const Words& words, const LineRules& rules, LineProblem* problem) {
  if (rules.loose_escapes) return true;
  const std::string_view help = words.rest();
  for (std::size_t i = 0; i < help.size(); ++i) {
    if (help[i] != '\\') continue;
    if (i + 1 == help.size() || (help[i + 1] != '\\' && help[i + 1] != 'n')) {
      return Fail(problem, words.column() + static_cast<std::uint32_t>(i),
                  "a backslash must be written \\\\, and only \\\\ and \\n are escapes here");
    }
    ++i;
  }
  return true;
}

bool ReadMetadata(Words& words, const LineRules& rules, const ExpositionLimits& limits,
                  CommentLine* comment, LineProblem* problem) {
  if (!words.Gap()) return Fail(problem, words.column(), "a metric name must follow");
  const std::size_t size = MetricNameLength(words.rest());
  const std::uint32_t name_column = words.column();
  comment->name = words.rest().substr(0, size);
  words.Advance(size);
  const bool ended = words.rest().empty() || IsBlank(words.rest()[0]);
  if (size == 0 || !ended) {
    return Fail(
        problem, words.column(),
        "a metric name must start with a letter, '_' or ':' and hold only those and digits");
  }
  if (size > limits.name_bytes) {
    return Fail(problem, name_column, "this metric name is longer than the limit",
                ErrorCode::kOverLimit);
  }
  const bool gap = words.Gap();
  if (!gap && (!rules.loose_blanks || comment->kind == CommentLine::Kind::kType)) {
    return Fail(problem, words.column(), "a blank must follow the metric name");
  }
  if (comment->kind == CommentLine::Kind::kHelp) {
    comment->rest = words.rest();
    return CheckHelp(words, rules, problem);
  }
  words.TrimEnd();
  const std::uint32_t column = words.column();
  comment->rest = words.rest();
  if (comment->kind == CommentLine::Kind::kUnit) {
    // A unit is the tail of a name, so a digit may stand first.
    for (const char c : comment->rest) {
      const char text[2] = {'a', c};
      if (MetricNameLength({text, 2}) != 2) {
        return Fail(problem, column, "a unit may hold letters, digits, '_' and ':' only");
      }
    }
    return true;
  }
  comment->type = FindType(comment->rest, rules);
  if (comment->type != MetricType::kNone) return true;
  return Fail(problem, column,
              rules.exemplars ? "the type must be counter, gauge, histogram, gaugehistogram, "
                                "summary, info, stateset or unknown"
                              : "the type must be counter, gauge, histogram, summary or untyped");
}

}  // namespace

bool ReadComment(std::string_view line, const LineRules& rules, const ExpositionLimits& limits,
                 CommentLine* comment, LineProblem* problem) {
  *comment = {};
  if (!CheckText(line, rules, problem)) return false;
  Words words(line, rules);
  if (rules.exemplars && words.rest() == "# EOF") {
    comment->kind = CommentLine::Kind::kEof;
    return true;
  }
  words.Advance(1);
  // 0.0.4 calls for the first token behind '#', so "#HELP" counts, too.
  const bool gap = words.Gap();
  const std::string_view word = gap || rules.loose_blanks ? words.Word() : std::string_view();
  if (word == "HELP") comment->kind = CommentLine::Kind::kHelp;
  if (word == "TYPE") comment->kind = CommentLine::Kind::kType;
  if (word == "UNIT" && rules.exemplars) comment->kind = CommentLine::Kind::kUnit;
  if (comment->kind != CommentLine::Kind::kComment) {
    return ReadMetadata(words, rules, limits, comment, problem);
  }
  if (rules.loose_blanks) return true;
  return Fail(problem, 1, "only '# HELP', '# TYPE', '# UNIT' and '# EOF' may start with '#'");
}

}  // namespace candor
