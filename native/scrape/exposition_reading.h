// What one exposition says: for a tile, and whether a report can be made of it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/exposition.h"

namespace candor {

struct TileNumbers {
  std::optional<double> cpu, memory_used, memory_most;  // As in ComponentReading.
};
TileNumbers ReadTileNumbers(std::string_view exposition);

// The program's version by its own "<program>_build_info", as Prometheus' programs say it; "" when
// there is none.
std::string ReadBuildVersion(std::string_view exposition);

// Why no report could be made of it, "" when one can. `families` are those that reports take.
std::string WhyUnusable(std::string_view exposition, std::span<const FamilySelection> families);

// The rows that ExpositionSelector could need for `families`, as they stand, and few others: what
// is selected from them is what is selected from the whole. REQUIRES: WhyUnusable has nothing
// against it.
std::string Distil(std::string_view exposition, std::span<const FamilySelection> families);

// The sums of the samples of each family that are numbers, by name; of histograms and summaries
// their "<name>_count" and "<name>_sum". Families that only say what they are, "<name>_info", are
// left out.
std::map<std::string, double> SumFamilies(std::string_view exposition,
                                          std::span<const FamilySelection> families);

// Whether an answer of this Content-Type may be an exposition.
bool IsExpositionType(std::string_view content_type);

}  // namespace candor
