#include "core/exposition_line.h"

#include <algorithm>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/exposition_number.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxExemplarChars = 128;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// The first of '"', '\\', NUL or `end`; `high` is set where a byte before it is not ASCII. Looks at
// bytes up to `readable`.
inline const char* FindValueStop(const char* at, const char* end, const char* readable,
                                 bool* high) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i nul = _mm_setzero_si128();
  while (at < end && readable - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i stops =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
                     _mm_cmpeq_epi8(block, nul));
    const unsigned stop = static_cast<unsigned>(_mm_movemask_epi8(stops));
    const unsigned not_ascii = static_cast<unsigned>(_mm_movemask_epi8(block));
    if (stop != 0) {
      const int offset = __builtin_ctz(stop);
      // May be set by bytes behind `end`, too: then the value is only judged the long way.
      if ((not_ascii & ((1u << offset) - 1)) != 0) *high = true;
      return at + offset < end ? at + offset : end;
    }
    if (not_ascii != 0) *high = true;
    at += 16;
  }
#else
  while (at < end && readable - at >= 8) {
    const auto word = LoadWord<std::uint64_t>(at);
    const std::uint64_t stops = MarkByte(word, '"') | MarkByte(word, '\\') | MarkByte(word, '\0');
    const std::uint64_t not_ascii = word & 0x8080808080808080u;
    if (stops != 0) {
      const std::uint64_t before = (stops & (~stops + 1)) - 1;
      if ((not_ascii & before) != 0) *high = true;
      const char* const stop = at + __builtin_ctzll(stops) / 8;
      return stop < end ? stop : end;
    }
    if (not_ascii != 0) *high = true;
    at += 8;
  }
#endif
  if (at >= end) return end;
  while (at != end && *at != '"' && *at != '\\' && *at != '\0') {
    if ((*at & 0x80) != 0) *high = true;
    ++at;
  }
  return at;
}

std::size_t CountEscapes(std::string_view raw) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < raw.size(); ++i) {
    if (raw[i] != '\\') continue;
    const char next = raw[i + 1];
    if (next == 'n' || next == '"' || next == '\\') {
      ++count;
      ++i;
    }
  }
  return count;
}

// Characters, not bytes, of a label's value with its escapes resolved.
std::size_t CountChars(const RawLabel& label) {
  std::size_t chars = 0;
  for (const char c : label.value) {
    if ((c & 0xC0) != 0x80) ++chars;
  }
  return label.escaped ? chars - CountEscapes(label.value) : chars;
}

}  // namespace

void AppendUnescaped(std::string_view raw, std::string* out) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char next = raw[i] == '\\' && i + 1 < raw.size() ? raw[i + 1] : '\0';
    if (next == 'n' || next == '"' || next == '\\') {
      out->push_back(next == 'n' ? '\n' : next);
      ++i;
    } else {
      out->push_back(raw[i]);
    }
  }
}

SampleReader::SampleReader(LineRules rules, const ExpositionLimits& limits)
    : rules_(rules), limits_(limits) {}

bool SampleReader::Fail(const char* at, const char* message, ErrorCode code) {
  *problem_ = {code, ColumnAt(at), message};
  return false;
}

void SampleReader::SkipBlanks() {
  if (!rules_.loose_blanks) return;
  while (at_ != end_ && IsBlank(*at_)) ++at_;
}

bool SampleReader::Read(std::string_view line, const char* readable, LineProblem* problem) {
  line_ = at_ = line.data();
  end_ = line_ + line.size();
  readable_ = readable;
  problem_ = problem;
  labels_.clear();
  timestamp_ = {};
  exemplar_column_ = 0;
  if (rules_.loose_blanks && at_ != end_ && end_[-1] == '\r') --end_;
  SkipBlanks();
  if (!ReadName()) return false;
  const char* const after_name = at_;
  SkipBlanks();
  if (at_ != end_ && *at_ == '{') {
    if (!ReadLabels(&labels_, true)) return false;
    if (rules_.loose_blanks) {
      SkipBlanks();
    } else if (!ReadGap("a single blank must stand between the labels and the value")) {
      return false;
    }
  } else {
    at_ = after_name;
    if (!ReadGap("a blank and the value, or labels in braces, must follow the name")) return false;
  }
  if (!ReadValue(&value_)) return false;
  if (at_ == end_) return true;
  if (!ReadTimestamp()) return false;
  if (exemplar_column_ != 0 && !ReadExemplar()) return false;
  return at_ == end_ || Fail(at_, "nothing may follow here");
}

bool SampleReader::ReadName() {
  const auto left = static_cast<std::size_t>(end_ - at_);
  const std::size_t known = known_name_.size();
  // The character behind it must end the name; blanks, '{' and anything else that does are judged
  // by what follows.
  if (known != 0 && left > known && SameBytes(at_, known_name_.data(), known) &&
      !Is(at_[known], kMetric)) {
    name_ = {at_, known};
    same_name_ = true;
    at_ += known;
    return true;
  }
  const std::size_t size = MetricNameLength({at_, left});
  if (size == 0) {
    return Fail(
        at_, "a metric name must start with a letter, '_' or ':' and hold only those and digits");
  }
  if (size > limits_.name_bytes) {
    return Fail(at_, "this metric name is longer than the limit", ErrorCode::kOverLimit);
  }
  name_ = {at_, size};
  same_name_ = false;
  known_name_.assign(at_, size);
  at_ += size;
  return true;
}

// Behind the opening quote. Leaves at_ behind the closing one.
inline bool SampleReader::ReadLabelValue(RawLabel* label) {
  const char* const start = at_;
  bool high = false;
  at_ = FindValueStop(at_, end_, readable_, &high);
  const auto size = static_cast<std::size_t>(at_ - start);
  if (at_ == end_ || *at_ != '"' || high || size > limits_.label_value_bytes) {
    return ReadEscapes(start, high, label);
  }
  label->value = {start, size};
  ++at_;
  return true;
}

// At '{'. Leaves at_ behind '}'.
bool SampleReader::ReadLabels(std::vector<RawLabel>* labels, bool known) {
  labels->clear();
  while (true) {
    const char* const from = at_;  // '{' or ','
    const std::size_t index = labels->size();
    if (known && index < known_count_) {
      const Known& last = known_[index];
      const std::size_t size = last.before.size();
      if (static_cast<std::size_t>(end_ - at_) > size && SameBytes(at_, last.before.data(), size)) {
        labels->push_back({{at_ + last.name_offset, last.name_size}, {}, last.name_hash, false});
        at_ += size;
        if (!ReadLabelValue(&labels->back())) return false;
        SkipBlanks();
        if (at_ != end_ && *at_ == ',') continue;
        break;
      }
    }
    ++at_;
    SkipBlanks();
    // "{}" and, in 0.0.4, a comma behind the last label.
    const bool may_end = index == 0 ? *from == '{' : rules_.loose_blanks;
    if (may_end && at_ != end_ && *at_ == '}') break;
    if (!ReadLabelName(labels, from, known) || !ReadLabelValue(&labels->back())) return false;
    SkipBlanks();
    if (at_ == end_ || *at_ != ',') break;
  }
  if (at_ == end_ || *at_ != '}') {
    return Fail(at_, "',' or '}' must follow a label's value");
  }
  ++at_;
  return true;
}

// Reads `name="`, which starts behind the separator at `from`.
bool SampleReader::ReadLabelName(std::vector<RawLabel>* labels, const char* from, bool known) {
  const char* const start = at_;
  if (at_ == end_ || !Is(*at_, kLabelStart)) {
    return Fail(at_, "a label name must start with a letter or '_' and hold only those and digits");
  }
  while (at_ != end_ && Is(*at_, kLabelChar)) ++at_;
  const std::string_view name(start, static_cast<std::size_t>(at_ - start));
  if (name.size() > limits_.name_bytes) {
    return Fail(start, "this label name is longer than the limit", ErrorCode::kOverLimit);
  }
  if (labels->size() >= limits_.labels) {
    return Fail(start, "there are more labels than the limit", ErrorCode::kOverLimit);
  }
  SkipBlanks();
  if (at_ == end_ || *at_ != '=') return Fail(at_, "'=' must follow a label's name");
  ++at_;
  SkipBlanks();
  if (at_ == end_ || *at_ != '"') return Fail(at_, "a label's value must stand in double quotes");
  ++at_;
  if (IsRepeated(*labels, name)) return Fail(start, "this label name stands twice in the row");

  const std::uint64_t hash = HashText(name);
  if (known) {
    // What followed in the last row says nothing about this one any more.
    known_count_ = labels->size() + 1;
    if (known_.size() < known_count_) known_.resize(known_count_);
    ++shape_;
    Known& entry = known_[labels->size()];
    entry.before.assign(from, at_);
    entry.name_offset = static_cast<std::uint32_t>(start - from);
    entry.name_size = static_cast<std::uint32_t>(name.size());
    entry.name_hash = hash;
  }
  labels->push_back({name, {}, hash, false});
  return true;
}

bool SampleReader::IsRepeated(const std::vector<RawLabel>& labels, std::string_view name) const {
  return std::any_of(labels.begin(), labels.end(),
                     [name](const RawLabel& label) { return label.name == name; });
}

// A label's value that is not plain, at the first byte that stops it.
bool SampleReader::ReadEscapes(const char* start, bool high, RawLabel* label) {
  while (at_ != end_ && *at_ == '\\') {
    const char next = at_ + 1 == end_ ? '\0' : at_[1];
    if (!rules_.loose_escapes && next != 'n' && next != '"' && next != '\\') {
      return Fail(at_, "a backslash must be written \\\\, and only \\\\, \\\" and \\n are escapes");
    }
    label->escaped = true;
    ++at_;
    // The escaped character may itself be a quote or a backslash.
    if (next == '"' || next == '\\') ++at_;
    at_ = FindValueStop(at_, end_, readable_, &high);
  }
  if (at_ == end_) return Fail(at_, "this label's value has no closing quote");
  if (*at_ == '\0') return Fail(at_, "NUL may not stand in a label's value", ErrorCode::kNotUtf8);
  label->value = {start, static_cast<std::size_t>(at_ - start)};
  ++at_;
  return CheckLabelValue(*label, !high);
}

bool SampleReader::CheckLabelValue(const RawLabel& label, bool plain) {
  if (label.value.size() > limits_.label_value_bytes) {
    const std::size_t escapes = label.escaped ? CountEscapes(label.value) : 0;
    if (label.value.size() - escapes > limits_.label_value_bytes) {
      return Fail(label.value.data(), "this label's value is longer than the limit",
                  ErrorCode::kOverLimit);
    }
  }
  if (plain) return true;
  const std::size_t bad = FindInvalidUtf8(label.value);
  if (bad == std::string_view::npos) return true;
  return Fail(label.value.data() + bad, "this byte is not UTF-8", ErrorCode::kNotUtf8);
}

bool SampleReader::ReadGap(const char* message) {
  if (at_ == end_ || !(*at_ == ' ' || (rules_.loose_blanks && *at_ == '\t'))) {
    return Fail(at_, message);
  }
  ++at_;
  SkipBlanks();
  return true;
}

std::string_view SampleReader::ReadToken() {
  const char* const start = at_;
  while (at_ != end_ && !IsBlank(*at_)) ++at_;
  return {start, static_cast<std::size_t>(at_ - start)};
}

bool SampleReader::ReadValue(std::string_view* value) {
  const char* const number = SkipRealNumber(at_, end_);
  if (number != nullptr && (number == end_ || IsBlank(*number))) {
    *value = {at_, static_cast<std::size_t>(number - at_)};
    at_ = number;
    return true;
  }
  *value = ReadToken();
  if (IsSampleValue(*value)) return true;
  return Fail(value->data(), "the value must be a decimal number, +Inf, -Inf or NaN");
}

// Behind the value: a timestamp, or the place of an exemplar, or both, or blanks at the end.
bool SampleReader::ReadTimestamp() {
  if (!ReadGap("a single blank must follow the value")) return false;
  if (rules_.loose_blanks && at_ == end_) return true;
  if (rules_.exemplars && at_ != end_ && *at_ == '#') {
    exemplar_column_ = ColumnAt(at_);
    return true;
  }
  timestamp_ = ReadToken();
  if (rules_.exemplars ? !IsRealNumber(timestamp_) : !IsInt64(timestamp_)) {
    return Fail(timestamp_.data(), rules_.exemplars
                                       ? "the timestamp must be a decimal number of seconds"
                                       : "the timestamp must be a whole number of milliseconds");
  }
  if (at_ == end_) return true;
  if (!ReadGap("a single blank must follow the timestamp")) return false;
  if (rules_.loose_blanks && at_ == end_) return true;
  if (rules_.exemplars && at_ != end_ && *at_ == '#') {
    exemplar_column_ = ColumnAt(at_);
    return true;
  }
  return Fail(at_, rules_.exemplars ? "only an exemplar, '# {...} value', may follow the timestamp"
                                    : "nothing may follow the timestamp");
}

// At '#'.
bool SampleReader::ReadExemplar() {
  const char* const start = at_;
  ++at_;
  if (!ReadGap("a single blank must follow the '#' of an exemplar")) return false;
  if (at_ == end_ || *at_ != '{') return Fail(at_, "an exemplar's labels must stand in braces");
  if (!ReadLabels(&exemplar_labels_, false)) return false;
  std::size_t chars = 0;
  for (const RawLabel& label : exemplar_labels_) chars += label.name.size() + CountChars(label);
  if (chars > kMaxExemplarChars) {
    return Fail(start, "an exemplar's label names and values may hold 128 characters together");
  }
  std::string_view value;
  if (!ReadGap("a single blank must stand between an exemplar's labels and its value"))
    return false;
  if (!ReadValue(&value)) return false;
  if (at_ == end_) return true;
  if (!ReadGap("a single blank must follow an exemplar's value")) return false;
  if (rules_.loose_blanks && at_ == end_) return true;
  const std::string_view timestamp = ReadToken();
  if (!IsRealNumber(timestamp)) {
    return Fail(timestamp.data(), "an exemplar's timestamp must be a decimal number of seconds");
  }
  SkipBlanks();
  return true;
}

}  // namespace candor
