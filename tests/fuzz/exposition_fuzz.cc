// Whatever the bytes, and wherever chunks end, both readers answer the same, with places inside the
// text; and where the checker finds nothing wrong the selector does not either.
#include <string>
#include <vector>

#include "core/exposition.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

class Collector : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    Require(!sample.name.empty() && !sample.value.empty(), "a sample has a name and a value");
    text.append(sample.name).append(1, '\n').append(sample.value).append(1, '\n');
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
      const Label& label = sample.labels[i];
      Require(i == 0 || sample.labels[i - 1].name < label.name, "labels are sorted and differ");
      Require(label.value.find('\0') == std::string_view::npos, "no NUL leaves");
      text.append(label.name).append(1, '=').append(label.value).append(1, '\n');
    }
  }
  std::string text;
};

std::string Print(std::string_view text, const Problems& problems) {
  std::size_t lines = 2;
  for (const char c : text) lines += c == '\n';
  std::string printed;
  for (const Error& error : problems.list()) {
    Require(error.at.line >= 1 && error.at.line <= lines, "a problem's line is in the text");
    Require(error.at.column >= 1 && error.at.column <= text.size() + 1,
            "a problem's column is in the text");
    printed += error.message + " " + std::to_string(error.at.line) + ":" +
               std::to_string(error.at.column) + "\n";
  }
  return printed;
}

// A copy of each chunk, so that a look beyond it is seen.
template <typename Reader>
Problems FeedAll(std::string_view text, std::size_t chunk_bytes, Reader* reader) {
  for (std::size_t at = 0; at < text.size(); at += chunk_bytes) {
    const std::string_view part = text.substr(at, chunk_bytes);
    const std::vector<char> chunk(part.begin(), part.end());
    reader->Feed({chunk.data(), chunk.size()});
  }
  return reader->Finish();
}

ExpositionLimits SmallLimits() {
  ExpositionLimits limits;
  limits.line_bytes = 200;
  limits.labels = 4;
  limits.name_bytes = 30;
  limits.label_value_bytes = 20;
  limits.samples = 50;
  return limits;
}

std::string Check(std::string_view text, ExpositionFormat format, std::size_t chunk_bytes,
                  const ExpositionLimits& limits) {
  ExpositionChecker checker(format, limits);
  return Print(text, FeedAll(text, chunk_bytes, &checker));
}

std::string Select(std::string_view text, std::size_t chunk_bytes, const ExpositionLimits& limits,
                   bool* fine) {
  const std::vector<FamilySelection> selections = {
      {"a", {"b", "a"}, false},
      {"s", {"quantile", "a"}, true},
      {"h", {"le", "a"}, false},
      {"a_total", {}, false},
      {"jvm_memory_used_bytes", {"area", "id"}, false},
      {"http_requests", {"le"}, true},
  };
  Collector collector;
  ExpositionSelector selector(selections, collector, limits);
  const std::string problems = Print(text, FeedAll(text, chunk_bytes, &selector));
  *fine = problems.empty();
  return problems + collector.text;
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using candor::ExpositionFormat;
  if (size == 0) return 0;
  // The first byte decides where chunks end.
  const std::size_t chunk_bytes = 1 + data[0] % 64;
  const std::string_view text = candor::AsText(data + 1, size - 1);
  for (const candor::ExpositionLimits& limits :
       {candor::ExpositionLimits(), candor::SmallLimits()}) {
    bool fine = false;
    const std::string selected = candor::Select(text, size, limits, &fine);
    bool fine_in_chunks = false;
    candor::Require(candor::Select(text, chunk_bytes, limits, &fine_in_chunks) == selected,
                    "the selector does not see where chunks end");
    for (const auto format : {ExpositionFormat::kPrometheusText, ExpositionFormat::kOpenMetrics}) {
      const std::string problems = candor::Check(text, format, size, limits);
      candor::Require(candor::Check(text, format, chunk_bytes, limits) == problems,
                      "the checker does not see where chunks end");
      // In 0.0.4 "# EOF" is a mere comment; the selector knows the format by it.
      const bool one_format =
          format == ExpositionFormat::kOpenMetrics || text.find("# EOF") == std::string_view::npos;
      candor::Require(fine || !one_format || !problems.empty(),
                      "the selector reads what the checker accepts");
    }
  }
  return 0;
}
