// Which counts a catalogue reports, by the names that programs know them by.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/catalogue.h"

namespace candor {

// The counter that `name` stands for: its pointer, such as "/product/internals/metrics/x/count".
// "/orders/placed" may also be called "orders/placed", and the engine's pointers go without their
// ends: "metrics/x". Of two names that the engine reports one count under it is the newer one.
// Nothing when no report of `catalogue` holds such a count, or it is a gauge.
std::optional<std::string> CounterCalled(std::string_view name, const Catalogue& catalogue);

// The name that CounterCalled takes and the typist most likely meant, "" when none is near.
std::string NearestCount(std::string_view name, const Catalogue& catalogue);

}  // namespace candor
