// Whatever the bytes, reading them gives a document or problems with a place inside the text; and
// what the writer prints of a document reads back to the same bytes. The quick way gives the very
// same document, or nothing.
#include "core/json_reader.h"
#include "core/json_scanner.h"
#include "core/json_writer.h"
#include "tests/core/same_json.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

std::uint32_t LinesOf(std::string_view text) {
  std::uint32_t lines = 1;
  for (const char c : text) lines += c == '\n';
  return lines;
}

void CheckProblems(std::string_view text, const Problems& problems) {
  Require(!problems.empty(), "a refusal names a problem");
  Require(problems.list().size() <= Problems::kMaxProblems, "the list of problems is bounded");
  for (const Error& error : problems.list()) {
    Require(!error.message.empty(), "a problem has a message");
    Require(error.at.line <= LinesOf(text), "a problem's line is in the text");
    Require(error.at.column <= text.size() + 1, "a problem's column is in the text");
  }
}

void CheckRoundTrip(const JsonValue& value) {
  const std::string written = WriteJson(value);
  const Result<JsonValue> again =
      ReadJson(written, {.max_bytes = written.size(), .duplicate_keys = DuplicateKeys::kAccept});
  Require(again.ok(), "the reader reads what the writer wrote");
  Require(WriteJson(again.value()) == written, "writing is a fixed point");
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = candor::AsText(data, size);
  for (const auto duplicates : {candor::DuplicateKeys::kRefuse, candor::DuplicateKeys::kAccept}) {
    const candor::JsonLimits limits = {.duplicate_keys = duplicates};
    const auto read = candor::ReadJsonCarefully(text, limits);
    if (const auto quick = candor::ScanJson(text, limits)) {
      candor::Require(read.ok() && candor::SameJson(*quick, read.value()),
                      "what is read quickly is what is read carefully");
    }
    if (read.ok()) {
      candor::CheckRoundTrip(read.value());
    } else {
      candor::CheckProblems(text, read.problems());
    }
  }
  return 0;
}
