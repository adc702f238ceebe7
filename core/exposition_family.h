// What the rows of one metric family must be to each other, and families to one another: the rules
// of an exposition beyond the single line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition.h"
#include "core/exposition_hash.h"
#include "core/exposition_line.h"
#include "core/exposition_number.h"
#include "core/result.h"

namespace candor {

// What a sample is to its family, by its name's ending.
enum class SampleRole : std::uint8_t {
  kValue,  // The family's own name.
  kTotal,
  kCreated,
  kBucket,
  kCount,
  kSum,
  kGCount,
  kGSum,
  kInfo,
  kNone,  // Not of this family.
};

// The role of `sample` in the family `name`: kValue where the names are equal, a suffix that
// `type` has, or kNone.
SampleRole RoleOf(std::string_view sample, std::string_view name, MetricType type);

class FamilyChecker {
 public:
  FamilyChecker(ExpositionFormat format, Problems* problems);

  void OnMetadata(const CommentLine& comment, std::uint32_t line);
  void OnSample(const SampleReader& row, std::uint32_t line);
  // A line that could not be read: what it held cannot be missed afterwards.
  void OnMalformed() {
    torn_ = true;
    role_ = SampleRole::kNone;
  }
  void Finish();

  std::size_t families() const { return families_; }

 private:
  // The samples of one label set (without `le` and `quantile`) at one time.
  struct Point {
    std::uint32_t line = 0;
    std::uint32_t roles = 0;  // Bits of the SampleRoles seen.
    bool has_bucket = false;
    bool has_infinity = false;
    bool has_negative_bucket = false;
    bool has_negative_sum = false;
    std::string bound;   // `le` or `quantile` of the last bucket or quantile.
    std::string bucket;  // Value of the last bucket.
    std::string count;   // Value of _count or _gcount.
  };

  void Report(std::uint32_t line, std::uint32_t column, const char* message);
  void Open(std::string_view name, std::uint32_t line);
  void Close();
  void CheckNames();
  void CheckUnit();
  bool AddName(std::string_view name);

  SampleRole FindRole(const SampleReader& row, std::uint32_t line);
  std::uint64_t HashGroup(const SampleReader& row, const RawLabel** special) const;
  std::string_view SpecialLabel() const;
  void CheckOpenMetricsValue(const SampleReader& row, std::uint32_t line);
  void CheckExemplar(const SampleReader& row, std::uint32_t line);

  void OnOpenMetricsRow(const SampleReader& row, std::uint64_t group, const RawLabel* special,
                        std::uint32_t line);
  // False when the row does not belong to the times of its label set.
  bool CheckTimestamp(const SampleReader& row, std::uint32_t line);
  void OnPrometheusRow(const SampleReader& row, std::uint64_t group, const RawLabel* special,
                       std::uint32_t line);
  void AddToPoint(const SampleReader& row, const RawLabel* special, Point* point,
                  std::uint32_t line);
  void AddBucket(const SampleReader& row, const RawLabel& le, Point* point, std::uint32_t line);
  void AddQuantile(const SampleReader& row, const RawLabel& quantile, Point* point,
                   std::uint32_t line);
  void StartPoint(Point* point, std::uint32_t line);
  void FinishPoint(const Point& point);
  void CheckHistogramPoint(const Point& point);

  ExpositionFormat format_;
  Problems* problems_;
  HashIndex names_;  // Of all families and of the samples that they have or may have.
  std::size_t families_ = 0;

  // The family at hand.
  bool open_ = false;
  bool torn_ = false;
  std::string name_;
  std::string unit_;
  MetricType type_ = MetricType::kNone;
  bool has_help_ = false;
  bool has_unit_ = false;
  std::uint32_t first_line_ = 0;
  std::uint32_t unit_line_ = 0;
  std::size_t samples_ = 0;
  SampleRole role_ = SampleRole::kNone;  // Of the last row.
  std::uint32_t roles_ = 0;

  HashIndex groups_;  // OpenMetrics: label sets. 0.0.4: series, or label sets with points_.
  HashIndex series_;  // Rows that only their last label tells apart, and info.
  std::vector<Point> points_;  // 0.0.4: one per label set of a histogram or summary.
  std::uint64_t group_ = 0;    // OpenMetrics: the label set at hand, and its point.
  bool has_group_ = false;
  Point point_;
  std::string timestamp_;
};

}  // namespace candor
