#include "native/scrape/exposition_reading.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "core/text.h"

namespace candor {
namespace {

enum Family : std::size_t { kProcessCpu, kSystemCpu, kUsed, kMost, kResident, kFamilies };

const std::array<FamilySelection, kFamilies>& TileFamilies() {
  static const std::array<FamilySelection, kFamilies> families = {{
      {"process_cpu_usage", {}},
      {"system_cpu_usage", {}},
      {"jvm_memory_used_bytes", {"area"}},
      {"jvm_memory_max_bytes", {"area"}},
      {"process_resident_memory_bytes", {}},
  }};
  return families;
}

// NaN for what is no number.
double NumberIn(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole ? value : std::nan("");
}

class Adder : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    const bool heap = sample.labels.size() == 1 && sample.labels[0].value == "heap";
    if ((sample.selection == kUsed || sample.selection == kMost) && !heap) return;
    const double value = NumberIn(sample.value);
    // The JVM says -1 for what it does not know.
    if (!std::isfinite(value) || value < 0) return;
    std::optional<double>& sum = sums_[sample.selection];
    sum = sum.value_or(0) + value;
  }

  TileNumbers Numbers() const {
    TileNumbers numbers;
    numbers.cpu = sums_[kProcessCpu] ? sums_[kProcessCpu] : sums_[kSystemCpu];
    numbers.memory_used = sums_[kUsed] ? sums_[kUsed] : sums_[kResident];
    if (sums_[kUsed] && sums_[kMost] && *sums_[kMost] > 0) numbers.memory_most = sums_[kMost];
    return numbers;
  }

 private:
  std::array<std::optional<double>, kFamilies> sums_;
};

class Summer : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    // A bucket's or a quantile's; sums of these say nothing.
    if (!sample.labels.empty()) return;
    const double value = NumberIn(sample.value);
    if (std::isfinite(value)) sums[std::string(sample.name)] += value;
  }
  std::map<std::string, double> sums;
};

class NobodysHandler : public SampleHandler {
 public:
  void OnSample(const SelectedSample& /*sample*/) override {}
};

// The name of a sample's row, or of the family of a TYPE; "" for all other rows.
std::string_view NameIn(std::string_view row) {
  const auto word = [&row] {
    row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
    const std::string_view found = row.substr(0, row.find_first_of(" \t{\r"));
    row.remove_prefix(found.size());
    return found;
  };
  const std::string_view first = word();
  if (first != "#") return first.starts_with('#') ? "" : first;
  return word() == "TYPE" ? word() : "";
}

// Takes a row with its line feed from the front.
std::string_view TakeRow(std::string_view& exposition) {
  const std::size_t size = std::min(exposition.find('\n'), exposition.size() - 1) + 1;
  const std::string_view row = exposition.substr(0, size);
  exposition.remove_prefix(size);
  return row;
}

// Of the first family of that kind that is not the language's.
std::string BuildInfoName(std::string_view exposition) {
  while (!exposition.empty()) {
    const std::string_view row = TakeRow(exposition);
    const std::string_view name = NameIn(row.substr(0, row.find('\n')));
    if (name.ends_with("_build_info") && name != "go_build_info") return std::string(name);
  }
  return "";
}

class FirstLabel : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    if (value.empty() && !sample.labels.empty()) value = sample.labels.front().value;
  }
  std::string value;
};

bool IsEof(std::string_view row) { return row.starts_with("# EOF"); }

}  // namespace

std::string Distil(std::string_view exposition, std::span<const FamilySelection> families) {
  std::string kept;
  while (!exposition.empty()) {
    const std::string_view row = TakeRow(exposition);
    const std::string_view name = NameIn(row.substr(0, row.find('\n')));
    // "x_total" may be selected of the family "x", and "x_sum" belongs to the selected "x".
    const auto may_need = [name](const FamilySelection& family) {
      return name.starts_with(family.name) || family.name.starts_with(name);
    };
    if (IsEof(row) || (!name.empty() && std::any_of(families.begin(), families.end(), may_need))) {
      kept += row;
    }
  }
  return kept;
}

TileNumbers ReadTileNumbers(std::string_view exposition) {
  Adder adder;
  ExpositionSelector selector(TileFamilies(), adder);
  selector.Feed(exposition);
  return selector.Finish().empty() ? adder.Numbers() : TileNumbers();
}

std::map<std::string, double> SumFamilies(std::string_view exposition,
                                          std::span<const FamilySelection> families) {
  std::vector<FamilySelection> summed;
  for (const FamilySelection& family : families) {
    if (!family.name.ends_with("_info")) summed.push_back({family.name, {"le", "quantile"}, true});
  }
  Summer summer;
  ExpositionSelector selector(summed, summer);
  selector.Feed(exposition);
  if (!selector.Finish().empty()) summer.sums.clear();
  return std::move(summer.sums);
}

std::string ReadBuildVersion(std::string_view exposition) {
  const std::string name = BuildInfoName(exposition);
  if (name.empty()) return "";
  const std::array<FamilySelection, 1> family = {{{name, {"version"}}}};
  FirstLabel version;
  ExpositionSelector selector(family, version);
  selector.Feed(exposition);
  return selector.Finish().empty() ? Quotable(version.value) : "";
}

std::string WhyUnusable(std::string_view exposition, std::span<const FamilySelection> families) {
  // Facts are JSON, which has no other texts.
  if (FindInvalidUtf8(exposition) != std::string_view::npos) return "is not UTF-8";
  if (exposition.find('\0') != std::string_view::npos) return "holds a NUL";
  NobodysHandler nobody;
  ExpositionSelector selector(families, nobody);
  selector.Feed(exposition);
  const Problems problems = selector.Finish();
  if (problems.empty()) return "";
  const Error& first = problems.list().front();
  return "in line " + Decimal(first.at.line) + ": " + first.message;
}

bool IsExpositionType(std::string_view content_type) {
  for (const std::string_view known : {"text/plain", "application/openmetrics-text"}) {
    if (content_type.substr(0, known.size()) != known) continue;
    const std::string_view rest = content_type.substr(known.size());
    if (rest.empty() || rest[0] == ';' || rest[0] == ' ') return true;
  }
  return content_type.empty();
}

}  // namespace candor
