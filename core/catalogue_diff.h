// What changed between two catalogues, in the classes that matter to somebody who agreed to the old
// one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/catalogue.h"

namespace candor {

enum class ChangeKind : std::uint8_t {
  kNewField,  // Asks for consent again.
  kRemoved,
  kFiner,         // Type, precision, limit or key pattern lets more through; asks again.
  kCoarser,       // Lets less through.
  kWiderPurpose,  // A purpose was added; asks again.
  kNarrowerPurpose,
  kWording,  // Title, description, reason, example, order, what stands for a missing value.
};

struct Change {
  ChangeKind kind = ChangeKind::kWording;
  std::string id;    // As in core/scope.h; "" for the catalogue as a whole.
  std::string text;  // One sentence for people.
};

// Changes in the order of the newer catalogue, those of the whole next, removed entries last. One
// entry can change in its type and in its purposes; its wording is told only when nothing else is.
std::vector<Change> DiffCatalogues(const Catalogue& older, const Catalogue& newer);

bool AsksAgain(ChangeKind kind);
std::string_view Name(ChangeKind kind);

}  // namespace candor
