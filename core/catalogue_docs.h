// A catalogue for people: Markdown with one table row for each field.
#pragma once

#include <string>

#include "core/catalogue.h"

namespace candor {

std::string CatalogueDocs(const Catalogue& catalogue);

}  // namespace candor
