#include "native/collector/report_keys.h"

#include <initializer_list>
#include <string_view>

#include "core/sha256.h"

namespace candor {
namespace {

std::int64_t NumberOf(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes.substr(0, 8)) number = number << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(number);
}

std::string Sha256Of(std::initializer_list<std::string_view> parts) {
  Sha256 hash;
  for (const std::string_view part : parts) hash.Update(part);
  const Sha256::Digest digest = hash.Finish();
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

std::string ReportKey(const Arrival& arrival) {
  if (arrival.key.empty()) return {};
  return Sha256Of({arrival.installation, "\n", arrival.key}).substr(0, 16);
}

std::int64_t SiteNumber(const std::string& installation) {
  return NumberOf(Sha256Of({installation}));
}

std::int64_t DigestNumber(const std::string& digest) { return NumberOf(digest); }

}  // namespace candor
