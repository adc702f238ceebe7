#include "native/serve/count_names.h"

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "native/counters/counters.h"
#include "native/reporter/engine_places.h"

namespace candor {
namespace {

constexpr std::string_view kEngineBegin = "/product/internals/";
constexpr std::string_view kEngineEnd = "/count";

// One step of a pointer without its escapes (RFC 6901); nothing when they are wrong.
std::optional<std::string> Unescaped(std::string_view step) {
  std::string key;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] != '~') {
      key += step[i];
      continue;
    }
    if (++i == step.size() || (step[i] != '0' && step[i] != '1')) return std::nullopt;
    key += step[i] == '1' ? '/' : '~';
  }
  return key;
}

// Whether `pointer` is the field's, with keys that its pattern allows.
bool Matches(const Field& field, std::string_view pointer) {
  std::string_view place = field.pointer;
  while (!place.empty() && !pointer.empty()) {
    const std::size_t place_end = std::min(place.find('/', 1), place.size());
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view step = pointer.substr(0, end);
    if (place.substr(0, place_end) == "/*") {
      const std::optional<std::string> key = Unescaped(step.substr(1));
      if (!key || !field.key_pattern.Matches(*key)) return false;
    } else if (place.substr(0, place_end) != step) {
      return false;
    }
    place.remove_prefix(place_end);
    pointer.remove_prefix(end);
  }
  return place.empty() && pointer.empty();
}

bool IsCount(const Field& field) {
  return !field.fixed && field.type == FieldType::kCount && field.pointer != places::kTaskWorkers;
}

bool Reports(const Catalogue& catalogue, std::string_view pointer) {
  return pointer.size() <= kMaxCounterNameBytes &&
         std::any_of(
             catalogue.fields.begin(), catalogue.fields.end(),
             [pointer](const Field& field) { return IsCount(field) && Matches(field, pointer); });
}

// The reporter gives the newer name's count under the older one, too.
std::optional<std::string> Counter(const std::string& pointer, const Catalogue& catalogue) {
  for (const auto& [newer, older] : places::kMetricAliases) {
    const std::string newer_pointer = places::CountAt(places::kMetrics, newer);
    const std::string older_pointer = places::CountAt(places::kMetrics, older);
    if (pointer != newer_pointer && pointer != older_pointer) continue;
    if (Reports(catalogue, newer_pointer) || Reports(catalogue, older_pointer)) {
      return newer_pointer;
    }
  }
  if (Reports(catalogue, pointer)) return pointer;
  return std::nullopt;
}

std::string ShortName(std::string_view pointer) {
  if (pointer.starts_with(kEngineBegin) && pointer.ends_with(kEngineEnd)) {
    pointer.remove_prefix(kEngineBegin.size());
    pointer.remove_suffix(kEngineEnd.size());
  } else {
    pointer.remove_prefix(1);
  }
  return std::string(pointer);
}

}  // namespace

std::optional<std::string> CounterCalled(std::string_view name, const Catalogue& catalogue) {
  if (name.empty() || name.size() > kMaxCounterNameBytes) return std::nullopt;
  if (name.front() == '/') return Counter(std::string(name), catalogue);
  if (auto counter = Counter("/" + std::string(name), catalogue)) return counter;
  return Counter(std::string(kEngineBegin).append(name).append(kEngineEnd), catalogue);
}

std::string NearestCount(std::string_view name, const Catalogue& catalogue) {
  if (name.size() > kMaxCounterNameBytes) return {};
  std::vector<std::string> names;
  for (const Field& field : catalogue.fields) {
    if (!IsCount(field) || field.pointer.find('*') != std::string::npos) continue;
    names.push_back(name.starts_with('/') ? field.pointer : ShortName(field.pointer));
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return std::string(Nearest(name, views));
}

}  // namespace candor
