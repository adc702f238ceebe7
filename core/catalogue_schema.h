// The JSON Schema (2020-12) that every report of a catalogue obeys.
#pragma once

#include <string>

#include "core/catalogue.h"

namespace candor {

// Closed objects, required members, types, patterns, titles and descriptions; printed as all our
// JSON. A field may be left out unless it is required, so reports from which something was withheld
// obey it, too. The order of members is beyond what JSON Schema can say.
std::string CatalogueSchema(const Catalogue& catalogue);

}  // namespace candor
