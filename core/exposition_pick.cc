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
  found_.resize(most);
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

std::span<const Label> Selections::Pick(std::uint32_t index, std::span<const RawLabel> labels,
                                        const RawLabel* left_out) {
  const std::vector<Allowed>& allowed = allowed_[index];
  picked_.clear();
  if (allowed.empty()) return picked_;
  std::fill(found_.begin(), found_.end(), nullptr);
  std::size_t escaped_bytes = 0;
  for (const RawLabel& label : labels) {
    if (&label == left_out) continue;
    for (std::size_t i = 0; i < allowed.size(); ++i) {
      if (allowed[i].hash != label.name_hash || allowed[i].name != label.name) continue;
      found_[i] = &label;
      if (label.escaped) escaped_bytes += label.value.size();
      break;
    }
  }
  unescaped_.clear();
  unescaped_.reserve(escaped_bytes);  // Views into it must hold while it grows.
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (found_[i] == nullptr) continue;
    std::string_view value = found_[i]->value;
    if (found_[i]->escaped) {
      const std::size_t start = unescaped_.size();
      AppendUnescaped(value, &unescaped_);
      value = std::string_view(unescaped_).substr(start);
    }
    picked_.push_back({allowed[i].name, value});
  }
  return picked_;
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
