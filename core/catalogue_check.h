// The parts of a catalogue held against each other, and the pieces that reading and selecting
// share.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/json_value.h"
#include "core/result.h"

namespace candor {

// Reports pointers that stand twice or cannot live in one document, unknown purposes, and rules and
// profiles about fields that do not exist. `document` is what `catalogue` was read from, with every
// entry of its lists in the same place; an entry that could not be read has an empty pointer.
void CheckCatalogue(const Catalogue& catalogue, const JsonValue& document, Problems& problems);

// Whether `pointer` is `ancestor` or stands beneath it; everything stands beneath "".
bool IsWithin(std::string_view pointer, std::string_view ancestor);

inline constexpr std::size_t kNoField = static_cast<std::size_t>(-1);
struct PlacedField {
  std::size_t place = 0;         // Index into Profile::order.
  std::size_t field = kNoField;  // Index into Catalogue::fields; kNoField for a fixed place.
};
// The fields of a profile in its order. A place for an object takes the fields beneath it that no
// place names by itself and none before it took, in the catalogue's order.
std::vector<PlacedField> PlaceFields(const Catalogue& catalogue, const Profile& profile);

}  // namespace candor
