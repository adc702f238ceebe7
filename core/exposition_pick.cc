#include "core/exposition_pick.h"

#include <algorithm>

namespace candor {
namespace {

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i < size && a[i] == b[i]) ++i;
  return i;
}

}  // namespace

Selections::Selections(std::span<const FamilySelection> selections) : selections_(selections) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < selections.size(); ++i) {
    names_.push_back({selections[i].name, static_cast<std::uint32_t>(i)});
    std::vector<Allowed> allowed;
    for (const std::string& name : selections[i].labels) allowed.push_back({name, HashText(name)});
    std::sort(allowed.begin(), allowed.end(),
              [](const Allowed& a, const Allowed& b) { return a.name < b.name; });
    most = std::max(most, allowed.size());
    allowed_.push_back(std::move(allowed));
  }
  std::sort(names_.begin(), names_.end(),
            [](const Named& a, const Named& b) { return a.name < b.name; });
  picked_.reserve(most);
}

std::uint32_t Selections::Find(std::string_view name) const {
  const auto at = std::lower_bound(
      names_.begin(), names_.end(), name,
      [](const Named& named, std::string_view wanted) { return named.name < wanted; });
  return at != names_.end() && at->name == name ? at->index : kNotSelected;
}

std::size_t Selections::RulingOut(std::string_view name) const {
  // The longest common prefix is with a neighbour in the sorted list.
  const auto at = std::lower_bound(
      names_.begin(), names_.end(), name,
      [](const Named& named, std::string_view wanted) { return named.name < wanted; });
  std::size_t common = 0;
  if (at != names_.end()) common = CommonPrefix(at->name, name);
  if (at != names_.begin()) common = std::max(common, CommonPrefix((at - 1)->name, name));
  return common + 1;
}

std::span<const Label> Selections::Pick(std::uint32_t index, const SampleReader& row,
                                        const RawLabel* left_out) {
  const std::span<const RawLabel> labels = row.labels();
  picked_.clear();
  if (allowed_[index].empty()) return picked_;
  if (index != matched_index_ || row.shape() != matched_shape_ || labels.size() > matched_labels_) {
    FindMatches(index, row);
  }
  std::size_t escaped_bytes = 0;
  for (const Match& match : matches_) {
    if (match.label >= labels.size()) continue;
    const RawLabel& label = labels[match.label];
    if (&label == left_out) continue;
    picked_.push_back({match.name, label.value});
    if (label.escaped) escaped_bytes += label.value.size();
  }
  if (escaped_bytes == 0) return picked_;
  unescaped_.clear();
  unescaped_.reserve(escaped_bytes);  // Views into it must hold while it grows.
  for (Label& label : picked_) {
    if (label.value.find('\\') == std::string_view::npos) continue;
    const std::size_t start = unescaped_.size();
    AppendUnescaped(label.value, &unescaped_);
    label.value = std::string_view(unescaped_).substr(start);
  }
  return picked_;
}

void Selections::FindMatches(std::uint32_t index, const SampleReader& row) {
  const std::span<const RawLabel> labels = row.labels();
  matches_.clear();
  for (const Allowed& allowed : allowed_[index]) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i].name_hash != allowed.hash || labels[i].name != allowed.name) continue;
      matches_.push_back({allowed.name, static_cast<std::uint32_t>(i)});
      break;
    }
  }
  matched_index_ = index;
  matched_shape_ = row.shape();
  matched_labels_ = labels.size();
}

HashIndex::Place FamilyBuffer::AddSet(std::uint64_t hash) {
  const HashIndex::Place place = sets_.Insert(hash);
  if (place.is_new) has_value_.push_back(false);
  return place;
}

void FamilyBuffer::Add(std::size_t selection, std::string_view name, std::span<const Label> labels,
                       std::string_view value) {
  for (const Label& label : labels) {
    kept_labels_.push_back({label.name, static_cast<std::uint32_t>(label.value.size())});
    text_.append(label.value);
  }
  text_.append(value);
  kept_.push_back({selection, name, static_cast<std::uint32_t>(labels.size()),
                   static_cast<std::uint32_t>(value.size()), kNotSelected});
}

void FamilyBuffer::AddUndefined(std::size_t selection, std::string_view name,
                                std::span<const Label> labels, std::uint32_t set) {
  Add(selection, name, labels, "undefined");
  kept_.back().set = set;
}

void FamilyBuffer::Flush(SampleHandler& handler) {
  std::string_view text = text_;
  const auto take = [&text](std::size_t size) {
    const std::string_view part = text.substr(0, size);
    text.remove_prefix(size);
    return part;
  };
  std::size_t next_label = 0;
  for (const Kept& kept : kept_) {
    labels_.clear();
    for (std::uint32_t i = 0; i < kept.labels; ++i) {
      const KeptLabel& label = kept_labels_[next_label++];
      labels_.push_back({label.name, take(label.value_size)});
    }
    const std::string_view value = take(kept.value_size);
    if (kept.set != kNotSelected && has_value_[kept.set]) continue;
    handler.OnSample({kept.selection, kept.name, labels_, value});
  }
  kept_.clear();
  kept_labels_.clear();
  text_.clear();
  sets_.Clear();
  has_value_.clear();
}

}  // namespace candor
