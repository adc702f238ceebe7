// The scope of a catalogue: what exactly may be sent, and what for, without the wording.
//
// Consent is bound to it. One entry stands for each thing an administrator can agree to:
//   "/product/version"                      a field
//   "/dataPoints#jvm_memory_used_bytes@operate"        a data-point key of one component
//   "/dataPoints#jvm_memory_used_bytes@operate:area"   one of its labels
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/result.h"

namespace candor {

struct ScopeEntry {
  std::string id;      // As above.
  std::string detail;  // Type, precision, limits, purposes: "date day; product-improvement".
  friend bool operator==(const ScopeEntry&, const ScopeEntry&) = default;
};

// Sorted by id.
std::vector<ScopeEntry> ScopeOf(const Catalogue& catalogue);

// SHA-256 over "<id> <detail>\n" of every entry, in hexadecimal. A new field, a finer type or a new
// purpose changes it; a corrected description, another order or another example does not.
std::string ScopeDigest(const Catalogue& catalogue);

// The catalogue without what `withheld` names. An id takes with it all that stands beneath:
// "/product/internals" every field under it, "/dataPoints#jvm_info" that key of every component,
// "/dataPoints#jvm_info@operate" of one, "/dataPoints#jvm_info:vendor" one label of it.
// Errors: kNotFound for an id that names nothing, kOutOfRange for a field that may not be withheld.
Result<Catalogue> Withhold(const Catalogue& catalogue, const std::vector<std::string>& withheld);

// The catalogue without what is not covered: entries that are absent from `covered` or stand there
// with another detail.
Catalogue RestrictTo(const Catalogue& catalogue, const std::vector<ScopeEntry>& covered);

}  // namespace candor
