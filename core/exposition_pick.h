// Which rows of an exposition are selected, and what of them is handed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition.h"
#include "core/exposition_hash.h"
#include "core/exposition_line.h"

namespace candor {

inline constexpr std::uint32_t kNotSelected = 0xFFFFFFFFu;

// The selected names and, for each, the allowed labels.
class Selections {
 public:
  // Borrows `selections`.
  explicit Selections(std::span<const FamilySelection> selections);

  const FamilySelection& at(std::uint32_t index) const { return selections_[index]; }

  // The index of the selection with this very name, or kNotSelected.
  std::uint32_t Find(std::string_view name) const;

  // How many first bytes of a line with a name that is not selected rule out every selected name.
  // The last of them may be the byte behind the name.
  std::size_t RulingOut(std::string_view name) const;

  // The allowed ones of the row's labels but for `left_out` (may be null), sorted by name. The
  // answer holds until the next call and borrows the row.
  std::span<const Label> Pick(std::uint32_t index, const SampleReader& row,
                              const RawLabel* left_out);

 private:
  struct Named {
    std::string_view name;
    std::uint32_t index;
  };
  struct Allowed {
    std::string_view name;
    std::uint64_t hash;
  };
  struct Match {
    std::string_view name;
    std::uint32_t label;
  };

  void FindMatches(std::uint32_t index, const SampleReader& row);

  std::span<const FamilySelection> selections_;
  std::vector<Named> names_;                   // Sorted.
  std::vector<std::vector<Allowed>> allowed_;  // Per selection, sorted.

  // Which labels of rows of one shape are allowed, sorted by name.
  std::vector<Match> matches_;
  std::uint32_t matched_index_ = kNotSelected;
  std::uint32_t matched_shape_ = 0;
  std::size_t matched_labels_ = 0;
  std::vector<Label> picked_;
  std::string unescaped_;
};

// Samples of one summary or histogram, kept until it is known which label sets have values of their
// own.
class FamilyBuffer {
 public:
  // The number of a label set, by a hash that does not depend on the order of labels.
  HashIndex::Place AddSet(std::uint64_t hash);
  void SetHasValue(std::uint32_t set) { has_value_[set] = true; }

  // Copies what it needs. `name` must outlive the buffer.
  void Add(std::size_t selection, std::string_view name, std::span<const Label> labels,
           std::string_view value);
  // "undefined", should the set turn out to have no value.
  void AddUndefined(std::size_t selection, std::string_view name, std::span<const Label> labels,
                    std::uint32_t set);

  void Flush(SampleHandler& handler);

 private:
  struct Kept {
    std::size_t selection;
    std::string_view name;
    std::uint32_t labels;  // How many; they stand one after the other.
    std::uint32_t value_size;
    std::uint32_t set;  // Handed over only when this set has no value; or kNotSelected.
  };
  struct KeptLabel {
    std::string_view name;  // Of the selection's.
    std::uint32_t value_size;
  };

  std::vector<Kept> kept_;
  std::vector<KeptLabel> kept_labels_;
  std::string text_;  // The labels' values and the value of each sample, one after the other.
  HashIndex sets_;
  std::vector<bool> has_value_;
  std::vector<Label> labels_;
};

}  // namespace candor
