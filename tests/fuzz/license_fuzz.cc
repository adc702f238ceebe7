// Any bytes as a licence key: an answer, whose parts all stand in the body, and whose body is read
// again to the same answer.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/license_key.h"
#include "core/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const candor::Result<candor::LicenseKey> result = candor::ParseLicenseKey(text);
  if (!result.ok()) {
    if (result.problems().list().empty()) std::abort();
    return 0;
  }
  const candor::LicenseKey& key = result.value();
  const std::string_view raw = key.raw;
  if (candor::FindInvalidUtf8(raw) != std::string_view::npos) std::abort();
  if (text.find(raw) == std::string_view::npos || key.customer.empty()) std::abort();
  if (raw.find(key.customer) == std::string_view::npos) std::abort();
  if (key.unlimited == key.valid_until.has_value()) std::abort();
  for (const auto& [name, value] : key.features) {
    if (raw.find(name) == std::string_view::npos || raw.find(value) == std::string_view::npos) {
      std::abort();
    }
  }
  if (raw.size() == candor::kMaxLicenseBytes) return 0;
  const candor::Result<candor::LicenseKey> again = candor::ParseLicenseKey(";" + key.raw);
  if (!again.ok() || again.value().raw != key.raw || again.value().features != key.features) {
    std::abort();
  }
  return 0;
}
