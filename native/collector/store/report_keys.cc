#include "native/collector/store/report_keys.h"

#include <string_view>

#include "native/collector/store/content_digest.h"

namespace candor {
namespace {

std::int64_t NumberOf(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes.substr(0, 8)) number = number << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::string ReportKey(const Arrival& arrival) {
  if (arrival.key.empty()) return {};
  return DigestOf(arrival.installation + '\n' + arrival.key).substr(0, 16);
}

std::int64_t SiteNumber(const std::string& installation) {
  return NumberOf(DigestOf(installation));
}

std::int64_t DigestNumber(const std::string& digest) { return NumberOf(digest); }

}  // namespace candor
