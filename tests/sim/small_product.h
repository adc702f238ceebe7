// A product with few fields: ten years of its reports are cheap.
#pragma once

#include "core/catalogue.h"

namespace candor::sim {

const Catalogue& SmallProduct();
const Catalogue& EngineProduct();

}  // namespace candor::sim
