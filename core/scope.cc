#include "core/scope.h"

#include <algorithm>

#include "core/catalogue_check.h"
#include "core/scope_detail.h"
#include "core/sha256.h"
#include "core/text.h"

namespace candor {
namespace {

bool ById(const ScopeEntry& a, const ScopeEntry& b) { return a.id < b.id; }

std::string PointId(const Field& field, const PointRule& point, std::string_view component) {
  std::string id = field.pointer + '#' + point.key;
  if (!component.empty()) id.append("@").append(component);
  return id;
}

// The components of a point, or one empty name for a point that belongs to none.
std::vector<std::string> ComponentsOf(const PointRule& point) {
  return point.components.empty() ? std::vector<std::string>{""} : point.components;
}

// What a catalogue keeps. `Keep` answers for a field, for a point of one component, and for one of
// its labels: kept(field), kept(field, point, component), kept(field, point, component, label).
template <typename Keep>
std::vector<PointRule> NarrowPoint(const Field& field, const PointRule& point, const Keep& keep) {
  std::vector<PointRule> rules;
  for (const std::string& component : ComponentsOf(point)) {
    if (!keep.Point(field, point, component)) continue;
    std::vector<std::string> labels;
    for (const std::string& label : point.labels) {
      if (keep.Label(field, point, component, label)) labels.push_back(label);
    }
    auto rule = std::find_if(rules.begin(), rules.end(),
                             [&](const PointRule& other) { return other.labels == labels; });
    if (rule == rules.end()) {
      rules.push_back(point);
      rule = rules.end() - 1;
      rule->components.clear();
      rule->labels = std::move(labels);
    }
    if (!component.empty()) rule->components.push_back(component);
  }
  return rules;
}

template <typename Keep>
Catalogue Narrow(const Catalogue& catalogue, const Keep& keep) {
  Catalogue narrowed = catalogue;
  narrowed.fields.clear();
  for (const Field& field : catalogue.fields) {
    if (!field.fixed && !keep.Whole(field)) continue;
    narrowed.fields.push_back(field);
    if (field.points.empty()) continue;
    std::vector<PointRule>& points = narrowed.fields.back().points;
    points.clear();
    for (const PointRule& point : field.points) {
      for (PointRule& rule : NarrowPoint(field, point, keep)) points.push_back(std::move(rule));
    }
  }
  return narrowed;
}

class KeepCovered {
 public:
  explicit KeepCovered(std::vector<ScopeEntry> covered) : covered_(std::move(covered)) {
    std::sort(covered_.begin(), covered_.end(), ById);
  }
  bool Whole(const Field& field) const {
    return Covers(covered_, {field.pointer, PrintDetail(DetailOf(field))});
  }
  bool Point(const Field& field, const PointRule& point, const std::string& component) const {
    return Covers(covered_,
                  {PointId(field, point, component), PrintDetail(DetailOf(field, point))});
  }
  bool Label(const Field& field, const PointRule& point, const std::string& component,
             const std::string& label) const {
    return Covers(covered_, {PointId(field, point, component) + ':' + label,
                             PrintDetail(LabelDetail(field))});
  }

 private:
  std::vector<ScopeEntry> covered_;
};

class KeepNotWithheld {
 public:
  explicit KeepNotWithheld(const std::vector<std::string>& withheld) : withheld_(withheld) {}
  bool Whole(const Field& field) const {
    return std::none_of(withheld_.begin(), withheld_.end(),
                        [&](const std::string& id) { return IsWithin(field.pointer, id); });
  }
  bool Point(const Field& field, const PointRule& point, const std::string& component) const {
    return !Names(PointId(field, point, "")) && !Names(PointId(field, point, component));
  }
  bool Label(const Field& field, const PointRule& point, const std::string& component,
             const std::string& label) const {
    return !Names(PointId(field, point, "") + ':' + label) &&
           !Names(PointId(field, point, component) + ':' + label);
  }

 private:
  bool Names(const std::string& id) const {
    return std::find(withheld_.begin(), withheld_.end(), id) != withheld_.end();
  }
  const std::vector<std::string>& withheld_;
};

// Whether `id` names a point of the field, one of its components, or a label of either.
bool NamesPoint(const Field& field, const std::string& id) {
  const std::string start = field.pointer + '#';
  if (id.compare(0, start.size(), start) != 0) return false;
  const std::vector<std::string> only = {id};
  const KeepNotWithheld keep(only);
  for (const PointRule& point : field.points) {
    for (const std::string& component : ComponentsOf(point)) {
      if (!keep.Point(field, point, component)) return true;
      for (const std::string& label : point.labels) {
        if (!keep.Label(field, point, component, label)) return true;
      }
    }
  }
  return false;
}

void CheckWithheld(const Catalogue& catalogue, const std::string& id, const std::string& where,
                   Problems& problems) {
  bool found = false;
  for (const Field& field : catalogue.fields) {
    if (!IsWithin(field.pointer, id) && !NamesPoint(field, id)) continue;
    found = true;
    if (field.may_withhold || field.fixed) continue;
    problems.Add({ErrorCode::kOutOfRange, where,
                  "\"" + field.pointer + "\" cannot be withheld: without it there is no report"});
  }
  if (found) return;
  problems.Add({ErrorCode::kNotFound, where,
                "\"" + Quotable(id) + "\" names nothing that the catalogue \"" + catalogue.name +
                    "\" would send"});
}

}  // namespace

std::vector<ScopeEntry> ScopeOf(const Catalogue& catalogue) {
  std::vector<ScopeEntry> entries;
  for (const Field& field : catalogue.fields) {
    if (field.fixed) continue;
    entries.push_back({field.pointer, PrintDetail(DetailOf(field))});
    const std::string label_detail = PrintDetail(LabelDetail(field));
    for (const PointRule& point : field.points) {
      const std::string detail = PrintDetail(DetailOf(field, point));
      for (const std::string& component : ComponentsOf(point)) {
        const std::string id = PointId(field, point, component);
        entries.push_back({id, detail});
        for (const std::string& label : point.labels) {
          entries.push_back({id + ':' + label, label_detail});
        }
      }
    }
  }
  std::sort(entries.begin(), entries.end(), ById);
  return entries;
}

std::string ScopeDigest(const Catalogue& catalogue) { return ScopeDigest(ScopeOf(catalogue)); }

std::string ScopeDigest(const std::vector<ScopeEntry>& scope) {
  Sha256Sink sink;
  for (const ScopeEntry& entry : scope) sink.Write(entry.id + ' ' + entry.detail + '\n');
  return sink.FinishHex();
}

DetailDifference CompareDetails(std::string_view older, std::string_view newer) {
  DetailDifference difference;
  if (older == newer) return difference;
  ScopeDetail before, after;
  if (!ParseDetail(older, &before) || !ParseDetail(newer, &after)) {
    difference.finer = true;
    return difference;
  }
  difference.finer = !LetsThrough(before, after);
  difference.coarser = !difference.finer && !LetsThrough(after, before);
  difference.wider_purpose = !std::includes(before.purposes.begin(), before.purposes.end(),
                                            after.purposes.begin(), after.purposes.end());
  difference.narrower_purpose =
      !difference.wider_purpose && before.purposes.size() > after.purposes.size();
  return difference;
}

bool Covers(const std::vector<ScopeEntry>& covered, const ScopeEntry& entry) {
  const auto found = std::lower_bound(covered.begin(), covered.end(), entry, ById);
  if (found == covered.end() || found->id != entry.id) return false;
  const DetailDifference difference = CompareDetails(found->detail, entry.detail);
  return !difference.finer && !difference.wider_purpose;
}

Result<Catalogue> Withhold(const Catalogue& catalogue, const std::vector<std::string>& withheld) {
  Problems problems;
  for (std::size_t i = 0; i < withheld.size(); ++i) {
    CheckWithheld(catalogue, withheld[i], '/' + Decimal(static_cast<std::int64_t>(i)), problems);
  }
  if (!problems.empty()) return problems;
  return Narrow(catalogue, KeepNotWithheld(withheld));
}

Catalogue RestrictTo(const Catalogue& catalogue, const std::vector<ScopeEntry>& covered) {
  return Narrow(catalogue, KeepCovered(covered));
}

}  // namespace candor
