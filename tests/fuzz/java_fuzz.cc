// Any bytes as what java prints: what is taken of it stands in it and fits into a report.
#include "core/text.h"
#include "native/probes/java.h"
#include "native/probes/postgresql.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

void CheckText(std::string_view text, std::string_view printed) {
  Require(text.size() <= kMaxProductBytes, "a text is short");
  Require(FindInvalidUtf8(text) == std::string_view::npos, "and UTF-8");
  for (const char c : text) Require(static_cast<unsigned char>(c) >= 0x20, "of one line");
  Require(printed.find(text) != std::string_view::npos || text == "Oracle Corporation",
          "and was printed");
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = candor::AsText(data, size);
  const candor::Result<candor::ProbedProduct> java = candor::ReadJava(text);
  if (java.ok()) {
    candor::Require(!java.value().version.empty(), "there is a version");
    candor::CheckText(java.value().version, text);
    candor::CheckText(java.value().vendor, text);
  }
  const candor::Result<candor::ProbedProduct> server = candor::ReadServerVersion(text);
  if (server.ok()) candor::CheckText(server.value().version, text);
  return 0;
}
