// Any bytes as a search engine's answer: what is taken of it is one of two vendors, and a version.
#include "native/probes/search_engine.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = candor::AsText(data, size);
  const candor::Result<candor::ProbedProduct> product = candor::ReadSearchEngine(text);
  if (!product.ok()) return 0;
  const auto& [vendor, version] = product.value();
  candor::Require(vendor == "elasticsearch" || vendor == "opensearch", "a vendor is known");
  candor::Require(version.size() <= candor::kMaxProductBytes, "a version is short");
  for (const unsigned char c : version) {
    candor::Require(c > 0x20 && c < 0x7f && c != '"' && c != '<', "and plain");
  }
  return 0;
}
