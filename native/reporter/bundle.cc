#include "native/reporter/bundle.h"

#include <cstdint>
#include <optional>

#include "core/bundle.h"
#include "core/json_reader.h"

namespace candor {

std::string BundleOf(const Setup& setup, const Candidate& candidate, bool as_grant,
                     const std::vector<std::string>& hidden) {
  const Result<JsonValue> facts = ReadJson(candidate.facts);
  const BundledReport report = {candidate.digest, static_cast<std::int64_t>(candidate.bytes.size()),
                                candidate.from, candidate.to};
  const bool withholds = as_grant && candidate.consent;
  return WriteBundle({as_grant, setup.config, setup.catalogue_document, setup.catalogue.profile,
                      as_grant ? std::nullopt : candidate.consent,
                      withholds ? candidate.consent->withheld : std::vector<std::string>(), hidden,
                      facts.ok() ? facts.value() : JsonValue::Object(), report});
}

}  // namespace candor
