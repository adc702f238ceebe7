// A catalogue for people: Markdown with one table row for each field.
#pragma once

#include <string>

#include "core/catalogue.h"

namespace candor {

// Purposes, fields by group, data points, and the profiles there are. Texts are escaped, so that a
// catalogue cannot smuggle links or markup into the page.
std::string CatalogueDocs(const Catalogue& catalogue);

}  // namespace candor
