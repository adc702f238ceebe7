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
  std::string id;  // As above.
  // How much passes, and what for, the purposes sorted:
  //   "date day; product-improvement"
  //   "string 1024; product-improvement, report-integrity"      at most 1024 bytes
  //   "count key [A-Za-z_][A-Za-z0-9_]{0,63}; product-improvement"       under an open key
  //   "scraped count-and-sum; product-improvement", "label; product-improvement"
  std::string detail;
  friend bool operator==(const ScopeEntry&, const ScopeEntry&) = default;
};

// Sorted by id. Fixed fields say nothing and are left out.
std::vector<ScopeEntry> ScopeOf(const Catalogue& catalogue);

// SHA-256 over "<id> <detail>\n" of every entry, in hexadecimal. A new field, a finer type or a new
// purpose changes it; a corrected description, another order or another example does not.
std::string ScopeDigest(const Catalogue& catalogue);
// The same of entries that are at hand, sorted by id.
std::string ScopeDigest(const std::vector<ScopeEntry>& scope);

// How the detail of an entry differs from an older one.
struct DetailDifference {
  bool finer = false;    // Something passes that did not.
  bool coarser = false;  // Less passes, and nothing new.
  bool wider_purpose = false;
  bool narrower_purpose = false;
};
// A detail that cannot be read is finer than any other.
DetailDifference CompareDetails(std::string_view older, std::string_view newer);

// Whether somebody who agreed to `covered` (sorted by id) agreed to `entry`: an entry of its id
// lets as much through, for the same purposes or more.
bool Covers(const std::vector<ScopeEntry>& covered, const ScopeEntry& entry);

// The catalogue without what `withheld` names. An id takes with it all that stands beneath:
// "/product/internals" every field under it, "/dataPoints#jvm_info" that key of every component,
// "/dataPoints#jvm_info@operate" of one, "/dataPoints#jvm_info:vendor" one label of it.
// Errors, at "/<index>" of the list: kNotFound for an id that names nothing, kOutOfRange for a
// field that may not be withheld.
Result<Catalogue> Withhold(const Catalogue& catalogue, const std::vector<std::string>& withheld);

// The catalogue without what is not covered, see Covers. `covered` need not be sorted.
Catalogue RestrictTo(const Catalogue& catalogue, const std::vector<ScopeEntry>& covered);

}  // namespace candor
