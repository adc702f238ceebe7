// Any bytes as an export of the history: read or refused with a place; what is read is whole, and
// reads back the same after it was written.
#include <string>
#include <utility>

#include "core/journal.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace candor;

std::string Written(const std::vector<JournalEntry>& entries) {
  StringSink sink;
  WriteHistory(entries, sink);
  return std::move(sink).text();
}

// The input as the body of an entry.
void CheckEntry(std::string_view body) {
  const Result<JournalEntry> entry = NextEntry(0, "", 0, "sealed", body);
  if (!entry.ok()) return;
  Require(IsLinked(nullptr, entry.value()), "a new entry is linked");
  const auto read = ReadHistory(Written({entry.value()}));
  Require(read.ok() && read.value().front() == entry.value(), "a written entry is read again");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = AsText(data, size);
  const auto read = ReadHistory(text);
  if (read.ok()) {
    Require(CountLinked(read.value()) == read.value().size(), "what is read is whole");
    const auto again = ReadHistory(Written(read.value()));
    Require(again.ok() && again.value() == read.value(), "what is written is read again");
  } else {
    Require(!read.problems().empty(), "a refusal names a problem");
  }
  CheckEntry(text);
  return 0;
}
