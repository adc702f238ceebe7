// Any bytes as a licence key: an answer, whose parts all stand in the body, and whose body is read
// again to the same answer.
#include "core/license_key.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

bool Holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void CheckKey(std::string_view text, const LicenseKey& key) {
  Require(FindInvalidUtf8(key.raw) == std::string_view::npos, "the body is UTF-8");
  Require(Holds(text, key.raw), "the body stands in the key");
  Require(!key.customer.empty() && Holds(key.raw, key.customer), "the customer stands in the body");
  Require(key.unlimited != key.valid_until.has_value(), "a key is unlimited or has a last day");
  for (const auto& [name, value] : key.features) {
    Require(Holds(key.raw, name) && Holds(key.raw, value), "a feature stands in the body");
  }
  if (key.raw.size() == kMaxLicenseBytes) return;
  const Result<LicenseKey> again = ParseLicenseKey(";" + key.raw);
  Require(again.ok() && again.value().raw == key.raw, "the body is read again");
  Require(again.value().features == key.features, "and is the same");
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = candor::AsText(data, size);
  const auto key = candor::ParseLicenseKey(text);
  if (key.ok()) {
    candor::CheckKey(text, key.value());
  } else {
    candor::Require(!key.problems().empty(), "a refusal names a problem");
  }
  return 0;
}
