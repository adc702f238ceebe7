#include "core/exposition_family.h"

#include <array>

namespace candor {
namespace {

constexpr std::uint32_t Bit(SampleRole role) { return 1u << static_cast<unsigned>(role); }

struct Suffix {
  std::string_view text;
  SampleRole role;
  std::uint32_t types;  // Bits of the MetricTypes that have it.
};

constexpr std::uint32_t Bit(MetricType type) { return 1u << static_cast<unsigned>(type); }

constexpr std::uint32_t kHasBuckets =
    Bit(MetricType::kHistogram) | Bit(MetricType::kGaugeHistogram);
constexpr std::uint32_t kHasCount = Bit(MetricType::kHistogram) | Bit(MetricType::kSummary);
constexpr std::uint32_t kHasCreated = kHasCount | Bit(MetricType::kCounter);

constexpr std::array<Suffix, 8> kSuffixes{{
    {"_bucket", SampleRole::kBucket, kHasBuckets},
    {"_count", SampleRole::kCount, kHasCount},
    {"_sum", SampleRole::kSum, kHasCount},
    {"_total", SampleRole::kTotal, Bit(MetricType::kCounter)},
    {"_created", SampleRole::kCreated, kHasCreated},
    {"_gcount", SampleRole::kGCount, Bit(MetricType::kGaugeHistogram)},
    {"_gsum", SampleRole::kGSum, Bit(MetricType::kGaugeHistogram)},
    {"_info", SampleRole::kInfo, Bit(MetricType::kInfo)},
}};

// Roles whose values only ever grow within a process.
constexpr std::uint32_t kCounting = Bit(SampleRole::kTotal) | Bit(SampleRole::kBucket) |
                                    Bit(SampleRole::kCount) | Bit(SampleRole::kSum) |
                                    Bit(SampleRole::kGCount);
constexpr std::uint32_t kWhole =
    Bit(SampleRole::kBucket) | Bit(SampleRole::kCount) | Bit(SampleRole::kGCount);

bool Has(std::uint32_t bits, MetricType type) { return (bits & Bit(type)) != 0; }
bool Has(std::uint32_t bits, SampleRole role) { return (bits & Bit(role)) != 0; }

}  // namespace

SampleRole RoleOf(std::string_view sample, std::string_view name, MetricType type) {
  if (sample.substr(0, name.size()) != name) return SampleRole::kNone;
  const std::string_view rest = sample.substr(name.size());
  if (rest.empty()) return SampleRole::kValue;
  for (const Suffix& suffix : kSuffixes) {
    if (Has(suffix.types, type) && rest == suffix.text) return suffix.role;
  }
  return SampleRole::kNone;
}

FamilyChecker::FamilyChecker(ExpositionFormat format, Problems* problems)
    : format_(format), problems_(problems) {}

void FamilyChecker::Report(std::uint32_t line, std::uint32_t column, const char* message) {
  problems_->Add({ErrorCode::kMalformedExposition, "", message, {line, column}});
}

void FamilyChecker::OnMetadata(const CommentLine& comment, std::uint32_t line) {
  if (!open_ || comment.name != name_) {
    Close();
    Open(comment.name, line);
  } else if (samples_ != 0) {
    Report(line, 1, "HELP, TYPE and UNIT must stand before the family's samples");
    return;
  }
  switch (comment.kind) {
    case CommentLine::Kind::kHelp:
      if (has_help_) Report(line, 1, "this family has a HELP line already");
      has_help_ = true;
      break;
    case CommentLine::Kind::kType:
      if (type_ != MetricType::kNone) Report(line, 1, "this family has a TYPE line already");
      type_ = comment.type;
      break;
    case CommentLine::Kind::kUnit:
      if (has_unit_) Report(line, 1, "this family has a UNIT line already");
      has_unit_ = true;
      unit_.assign(comment.rest);
      unit_line_ = line;
      break;
    default:
      break;
  }
}

void FamilyChecker::Finish() { Close(); }

void FamilyChecker::Open(std::string_view name, std::uint32_t line) {
  open_ = true;
  ++families_;
  name_.assign(name);
  type_ = MetricType::kNone;
  has_help_ = has_unit_ = false;
  unit_.clear();
  first_line_ = line;
  samples_ = 0;
  roles_ = 0;
}

void FamilyChecker::Close() {
  role_ = SampleRole::kNone;
  if (open_) {
    if (has_group_) FinishPoint(point_);
    for (const Point& point : points_) FinishPoint(point);
    CheckNames();
    CheckUnit();
  }
  open_ = has_group_ = torn_ = false;
  points_.clear();
  groups_.Clear();
  series_.Clear();
}

// Names must not clash: in OpenMetrics not even those that a family only may have.
void FamilyChecker::CheckNames() {
  bool fresh = AddName(name_);
  std::string sample = name_;
  for (const Suffix& suffix : kSuffixes) {
    const bool counts = format_ == ExpositionFormat::kOpenMetrics ? Has(suffix.types, type_)
                                                                  : Has(roles_, suffix.role);
    if (!counts) continue;
    sample.resize(name_.size());
    sample.append(suffix.text);
    fresh = AddName(sample) && fresh;
  }
  if (!fresh) {
    Report(first_line_, 1, "this family's name, or that of one of its samples, was used before");
  }
}

bool FamilyChecker::AddName(std::string_view name) {
  return names_.Insert(HashLabel(0, name)).is_new;
}

void FamilyChecker::CheckUnit() {
  if (unit_.empty()) return;
  const bool is_suffix = name_.size() > unit_.size() &&
                         name_[name_.size() - unit_.size() - 1] == '_' &&
                         std::string_view(name_).substr(name_.size() - unit_.size()) == unit_;
  if (!is_suffix) Report(unit_line_, 1, "the family's name must end in '_' and the unit");
  if (type_ == MetricType::kInfo || type_ == MetricType::kStateSet) {
    Report(unit_line_, 1, "a family of this type has no unit");
  }
}

void FamilyChecker::OnSample(const SampleReader& row, std::uint32_t line) {
  role_ = FindRole(row, line);
  ++samples_;
  if (role_ == SampleRole::kNone) return;
  roles_ |= Bit(role_);
  const RawLabel* special = nullptr;
  const std::uint64_t group = HashGroup(row, &special);
  if (format_ == ExpositionFormat::kOpenMetrics) {
    CheckOpenMetricsValue(row, line);
    if (row.has_exemplar()) CheckExemplar(row, line);
    OnOpenMetricsRow(row, group, special, line);
  } else {
    OnPrometheusRow(row, group, special, line);
  }
}

SampleRole FamilyChecker::FindRole(const SampleReader& row, std::uint32_t line) {
  if (role_ != SampleRole::kNone && row.same_name()) return role_;
  SampleRole role = open_ ? RoleOf(row.name(), name_, type_) : SampleRole::kNone;
  // In 0.0.4 these are families of their own.
  if (format_ == ExpositionFormat::kPrometheusText &&
      (role == SampleRole::kTotal || role == SampleRole::kCreated)) {
    role = SampleRole::kNone;
  }
  if (role == SampleRole::kNone) {
    Close();
    Open(row.name(), line);
    return SampleRole::kValue;
  }
  if (role != SampleRole::kValue) return role;
  const bool only_suffixes =
      Has(kHasBuckets, type_) || type_ == MetricType::kInfo ||
      (format_ == ExpositionFormat::kOpenMetrics && type_ == MetricType::kCounter);
  if (!only_suffixes) return role;
  Report(line, row.Column(row.name()),
         type_ == MetricType::kCounter ? "a counter's sample must be named with _total"
         : type_ == MetricType::kInfo
             ? "an info's sample must be named with _info"
             : "a histogram's samples must be named with _bucket, _count or _sum");
  return SampleRole::kNone;
}

// The label that tells apart the samples of one label set, or "".
std::string_view FamilyChecker::SpecialLabel() const {
  if (role_ == SampleRole::kBucket) return "le";
  if (role_ != SampleRole::kValue) return {};
  if (type_ == MetricType::kSummary) return "quantile";
  return type_ == MetricType::kStateSet ? std::string_view(name_) : std::string_view();
}

std::uint64_t FamilyChecker::HashGroup(const SampleReader& row, const RawLabel** special) const {
  const std::string_view special_name = SpecialLabel();
  std::uint64_t hash = 0;
  for (const RawLabel& label : row.labels()) {
    if (!special_name.empty() && label.name == special_name) {
      *special = &label;
    } else {
      hash += HashLabel(label.name_hash, label.value);
    }
  }
  return hash;
}

void FamilyChecker::CheckOpenMetricsValue(const SampleReader& row, std::uint32_t line) {
  const bool quantile = role_ == SampleRole::kValue && type_ == MetricType::kSummary;
  const bool state = role_ == SampleRole::kValue && type_ == MetricType::kStateSet;
  const bool checked = Has(kCounting, role_) || role_ == SampleRole::kGSum ||
                       role_ == SampleRole::kInfo || quantile || state;
  if (!checked) return;
  const std::uint32_t column = row.Column(row.value());
  const DecimalText value(row.value());
  if (value.is_nan()) {
    if (!quantile) Report(line, column, "this value must not be NaN");
    return;
  }
  if (role_ == SampleRole::kInfo || state) {
    const bool zero = state && DecimalText::Compare(value, DecimalText()) == 0;
    if (!zero && DecimalText::Compare(value, DecimalText("1")) != 0) {
      Report(line, column,
             state ? "a stateset's value must be 0 or 1" : "an info's value must be 1");
    }
    return;
  }
  if (role_ != SampleRole::kGSum && value.is_negative()) {
    Report(line, column, "this value must not be negative");
  } else if (Has(kWhole, role_) && !value.is_integer()) {
    Report(line, column, "this value must be a whole number");
  }
}

void FamilyChecker::CheckExemplar(const SampleReader& row, std::uint32_t line) {
  if (role_ == SampleRole::kTotal || role_ == SampleRole::kBucket) return;
  Report(line, row.exemplar_column(), "only _total and _bucket samples may have an exemplar");
}

void FamilyChecker::OnOpenMetricsRow(const SampleReader& row, std::uint64_t group,
                                     const RawLabel* special, std::uint32_t line) {
  const std::uint64_t labels = group;
  // The labels of an info belong to its value, so that all its rows are one group.
  if (type_ == MetricType::kInfo) group = 0;
  if (!has_group_ || group != group_) {
    if (has_group_) FinishPoint(point_);
    if (!groups_.Insert(group).is_new) {
      Report(line, 1, "the samples of one label set must stand together");
    }
    group_ = group;
    has_group_ = true;
    StartPoint(&point_, line);
    timestamp_.assign(row.timestamp());
  } else if (!CheckTimestamp(row, line)) {
    return;
  }
  // Explicit equal timestamps may come from rounding; two rows without one are the same row twice.
  if (row.timestamp().empty() && role_ != SampleRole::kBucket) {
    bool repeated = false;
    if (role_ == SampleRole::kInfo) {
      repeated = !series_.Insert(labels).is_new;
    } else if (special != nullptr) {
      repeated = !series_.Insert(group + HashLabel(1, special->value)).is_new;
    } else {
      repeated = Has(point_.roles, role_);
    }
    if (repeated) Report(line, 1, "this sample was given before");
  }
  AddToPoint(row, special, &point_, line);
}

bool FamilyChecker::CheckTimestamp(const SampleReader& row, std::uint32_t line) {
  if (row.timestamp() == timestamp_) return true;
  if (row.timestamp().empty() != timestamp_.empty()) {
    Report(line, 1, "the samples of one label set must all have a timestamp, or none");
    return false;
  }
  const int order = DecimalText::Compare(DecimalText(row.timestamp()), DecimalText(timestamp_));
  if (order == 0) return true;
  if (order < 0 && type_ != MetricType::kInfo) {
    Report(line, row.Column(row.timestamp()), "timestamps must not go backwards in a label set");
  }
  FinishPoint(point_);
  StartPoint(&point_, line);
  timestamp_.assign(row.timestamp());
  return true;
}

void FamilyChecker::OnPrometheusRow(const SampleReader& row, std::uint64_t group,
                                    const RawLabel* special, std::uint32_t line) {
  if (type_ != MetricType::kHistogram && type_ != MetricType::kSummary) {
    if (!groups_.Insert(group).is_new) Report(line, 1, "this sample was given before");
    return;
  }
  const HashIndex::Place place = groups_.Insert(group);
  if (place.is_new) {
    points_.emplace_back();
    StartPoint(&points_.back(), line);
  }
  Point& point = points_[place.index];
  if (special == nullptr && Has(point.roles, role_)) {
    Report(line, 1, "this sample was given before");
  }
  AddToPoint(row, special, &point, line);
}

void FamilyChecker::StartPoint(Point* point, std::uint32_t line) {
  point->line = line;
  point->roles = 0;
  point->has_bucket = point->has_infinity = false;
  point->has_negative_bucket = point->has_negative_sum = false;
}

void FamilyChecker::AddToPoint(const SampleReader& row, const RawLabel* special, Point* point,
                               std::uint32_t line) {
  if (role_ == SampleRole::kBucket) {
    if (special == nullptr) {
      Report(line, 1, "a bucket must have the label le");
    } else {
      AddBucket(row, *special, point, line);
    }
  } else if (role_ == SampleRole::kCount || role_ == SampleRole::kGCount) {
    point->count.assign(row.value());
  } else if (role_ == SampleRole::kGSum) {
    const DecimalText sum(row.value());
    if (sum.is_negative()) point->has_negative_sum = true;
  } else if (role_ == SampleRole::kValue && type_ == MetricType::kSummary) {
    if (special != nullptr) {
      AddQuantile(row, *special, point, line);
    } else {
      Report(line, 1, "a summary's own sample must have the label quantile");
    }
  } else if (type_ == MetricType::kStateSet && special == nullptr) {
    Report(line, 1, "a stateset's sample must have a label with the family's name");
  }
  point->roles |= Bit(role_);
}

void FamilyChecker::AddBucket(const SampleReader& row, const RawLabel& le, Point* point,
                              std::uint32_t line) {
  const std::uint32_t column = row.Column(le.value);
  const bool is_number = IsSampleValue(le.value);
  const DecimalText bound = is_number ? DecimalText(le.value) : DecimalText();
  const bool infinite = bound.is_infinite() && !bound.is_negative();
  const bool spelled =
      !infinite || format_ == ExpositionFormat::kPrometheusText || le.value == "+Inf";
  if (!is_number || bound.is_nan() || !spelled) {
    Report(line, column, "le must be a decimal number or +Inf");
    return;
  }
  if (bound.is_negative()) point->has_negative_bucket = true;
  if (point->has_bucket) {
    if (DecimalText::Compare(bound, DecimalText(point->bound)) <= 0) {
      Report(line, column, "buckets must stand in the order of le, each once");
    }
    const DecimalText value(row.value());
    const DecimalText last(point->bucket);
    if (format_ == ExpositionFormat::kOpenMetrics && !value.is_nan() && !last.is_nan() &&
        DecimalText::Compare(value, last) < 0) {
      Report(line, row.Column(row.value()), "a bucket counts all smaller ones, too");
    }
  }
  point->has_bucket = true;
  point->has_infinity = infinite;
  point->bound.assign(le.value);
  point->bucket.assign(row.value());
}

void FamilyChecker::AddQuantile(const SampleReader& row, const RawLabel& quantile, Point* point,
                                std::uint32_t line) {
  const std::uint32_t column = row.Column(quantile.value);
  const bool is_number = IsSampleValue(quantile.value);
  const DecimalText value = is_number ? DecimalText(quantile.value) : DecimalText();
  if (!is_number || value.is_nan() || value.is_negative() ||
      DecimalText::Compare(value, DecimalText("1")) > 0) {
    Report(line, column, "quantile must be a decimal number from 0 to 1");
    return;
  }
  if (format_ == ExpositionFormat::kPrometheusText && point->has_bucket &&
      DecimalText::Compare(value, DecimalText(point->bound)) <= 0) {
    Report(line, column, "quantiles must stand in their order, each once");
  }
  point->has_bucket = true;
  point->bound.assign(quantile.value);
}

void FamilyChecker::FinishPoint(const Point& point) {
  // A line of this family could not be read; what seems to be missing may stand there.
  if (torn_) return;
  if (Has(kHasBuckets, type_)) {
    CheckHistogramPoint(point);
  } else if (format_ == ExpositionFormat::kOpenMetrics && type_ == MetricType::kCounter &&
             !Has(point.roles, SampleRole::kTotal)) {
    Report(point.line, 1, "a counter must have a _total beside its _created");
  }
}

void FamilyChecker::CheckHistogramPoint(const Point& point) {
  if (!point.has_infinity) {
    Report(point.line, 1, "a histogram must end in a bucket with le=\"+Inf\"");
    return;
  }
  const bool has_count =
      Has(point.roles, SampleRole::kCount) || Has(point.roles, SampleRole::kGCount);
  if (has_count) {
    const DecimalText count(point.count);
    const DecimalText bucket(point.bucket);
    if (!count.is_nan() && !bucket.is_nan() && DecimalText::Compare(count, bucket) != 0) {
      Report(point.line, 1, "a histogram's count must equal its bucket le=\"+Inf\"");
    }
  }
  if (format_ == ExpositionFormat::kPrometheusText) return;
  const bool has_sum = Has(point.roles, SampleRole::kSum) || Has(point.roles, SampleRole::kGSum);
  if (has_sum != has_count) {
    Report(point.line, 1, "a histogram must have both its sum and its count, or neither");
  }
  if (point.has_negative_bucket && Has(point.roles, SampleRole::kSum)) {
    Report(point.line, 1, "a histogram with negative buckets must not have a _sum");
  }
  if (!point.has_negative_bucket && point.has_negative_sum) {
    Report(point.line, 1, "a _gsum may be negative only where buckets are");
  }
}

}  // namespace candor
