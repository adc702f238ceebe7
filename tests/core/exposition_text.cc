#include "tests/core/exposition_text.h"

#include <algorithm>

namespace candor {
namespace {

class Printer : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    text += sample.name;
    if (!sample.labels.empty()) {
      char before = '{';
      for (const Label& label : sample.labels) {
        text += before;
        text += std::string(label.name) + "=\"" + std::string(label.value) + "\"";
        before = ',';
      }
      text += '}';
    }
    text += " " + std::string(sample.value) + "\n";
  }

  std::string text;
};

std::string Place(const Error& error) {
  return std::to_string(static_cast<unsigned>(error.code)) + " " + std::to_string(error.at.line) +
         ":" + std::to_string(error.at.column);
}

// The chunks are copied to their own memory, so that a sanitizer sees a read beyond one.
template <typename Reader>
void FeedAll(std::string_view text, std::size_t chunk_bytes, Reader* reader) {
  for (std::size_t at = 0; at < text.size(); at += chunk_bytes) {
    const std::string_view part = text.substr(at, chunk_bytes);
    const std::vector<char> chunk(part.begin(), part.end());
    reader->Feed({chunk.data(), chunk.size()});
  }
}

}  // namespace

Problems Check(std::string_view text, ExpositionFormat format, const ExpositionLimits& limits,
               std::size_t chunk_bytes) {
  ExpositionChecker checker(format, limits);
  FeedAll(text, chunk_bytes, &checker);
  return checker.Finish();
}

std::string Print(const Problems& problems) {
  std::string text;
  for (const Error& error : problems.list()) text += Place(error) + " " + error.message + "\n";
  return text;
}

std::string Places(const Problems& problems) {
  std::string text;
  for (const Error& error : problems.list()) text += (text.empty() ? "" : ", ") + Place(error);
  return text;
}

Selected Select(std::string_view text, std::span<const FamilySelection> selections,
                const ExpositionLimits& limits, std::size_t chunk_bytes) {
  Printer printer;
  ExpositionSelector selector(selections, printer, limits);
  FeedAll(text, chunk_bytes, &selector);
  Problems problems = selector.Finish();
  return {std::move(printer.text), std::move(problems)};
}

}  // namespace candor
