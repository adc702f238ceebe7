#include "core/data_points.h"

#include <algorithm>
#include <utility>

#include "core/md5.h"
#include "core/text.h"

namespace candor {
namespace {

bool Contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string ReportId(const ComponentRules& rules, const std::string& configured) {
  for (const auto& [from, to] : rules.renamed) {
    if (from == configured) return to;
  }
  return configured;
}

bool IsFrom(const PointRule& rule, PointKind kind, std::string_view id) {
  return rule.kind == kind && (Contains(rule.components, id) || Contains(rule.components, "*"));
}

std::vector<FamilySelection> SelectionsFor(const Field& field, std::string_view id) {
  std::vector<FamilySelection> selections;
  for (const PointRule& rule : field.points) {
    if (IsFrom(rule, PointKind::kScraped, id)) {
      selections.push_back({rule.key, rule.labels, rule.count_and_sum});
    }
  }
  return selections;
}

class CountingHandler : public SampleHandler {
 public:
  void OnSample(const SelectedSample& /*sample*/) override {}
};

class PointWriter : public SampleHandler {
 public:
  PointWriter(const std::string& entities, std::int64_t ts_from, JsonWriter& writer)
      : entities_(entities), ts_from_(ts_from), writer_(writer) {}

  void OnSample(const SelectedSample& sample) override {
    writer_.BeginObject();
    writer_.Raw(entities_);
    writer_.Key("key");
    writer_.String(sample.name);
    writer_.Key("type");
    writer_.Integer(0);
    if (!sample.labels.empty()) {
      writer_.Key("tags");
      writer_.BeginObject();
      for (const Label& label : sample.labels) {
        writer_.Key(label.name);
        writer_.String(label.value);
      }
      writer_.EndObject();
    }
    writer_.Key("transferredValue");
    writer_.String(sample.value);
    writer_.Key("value");
    writer_.String(sample.value);
    writer_.Key("tsFrom");
    writer_.Integer(ts_from_);
    writer_.EndObject();
  }

 private:
  const std::string& entities_;
  std::int64_t ts_from_;
  JsonWriter& writer_;
};

}  // namespace

ComponentDemand DemandOf(const Catalogue& catalogue, const std::string& component) {
  ComponentDemand demand;
  if (Contains(catalogue.components.uncounted, component)) return demand;
  const std::string id = ReportId(catalogue.components, component);
  for (const Field& field : catalogue.fields) {
    for (FamilySelection& selection : SelectionsFor(field, id)) {
      demand.families.push_back(std::move(selection));
    }
    for (const PointRule& rule : field.points) {
      if (IsFrom(rule, PointKind::kUsage, id)) demand.usage.push_back(rule.key);
    }
  }
  return demand;
}

DataPoints::DataPoints(const Field& field, const ComponentRules& rules, const Config& config,
                       const Facts& facts, std::size_t depth)
    : field_(field), facts_(facts), depth_(depth) {
  constexpr std::pair<std::string_view, std::string_view> kGlobal = {"installation", "global"};
  global_entities_ = Entities({kGlobal});
  for (const ManagedRelease& release : config.releases.value) {
    const std::string cluster = Md5Hex(release.name);
    for (const ManagedComponent& component : release.components) {
      if (Contains(rules.uncounted, component.id)) continue;
      Reported reported;
      reported.release = &release;
      reported.configured_id = component.id;
      reported.id = ReportId(rules, component.id);
      if (Contains(rules.management, component.id)) {
        reported.count_entities = Entities({kGlobal, {reported.id, "component"}});
        reported.point_entities = reported.count_entities;
      } else {
        reported.cluster = cluster;
        reported.count_entities =
            Entities({kGlobal, {reported.id, "component"}, {cluster, "cluster"}});
        reported.point_entities = Entities({{cluster, "cluster"}, {reported.id, "component"}});
      }
      reported_.push_back(std::move(reported));
    }
  }
}

std::string DataPoints::Entities(
    std::initializer_list<std::pair<std::string_view, std::string_view>> list) {
  const std::string line_break = "\n" + std::string(2 * (depth_ + 1), ' ');
  std::vector<JsonValue> entities;
  for (const auto& [id, type] : list) {
    entities.push_back(JsonValue::Object({{"id", JsonValue::String(std::string(id))},
                                          {"type", JsonValue::String(std::string(type))}}));
  }
  std::string json = WriteJson(JsonValue::Array(std::move(entities)));
  json.pop_back();
  std::string fragment = "\"entities\": ";
  for (const char c : json) {
    if (c == '\n') {
      fragment += line_break;
    } else {
      fragment += c;
    }
  }
  return fragment;
}

const DataPoints::Reported* DataPoints::Find(std::string_view release, std::string_view component,
                                             std::size_t* matches) const {
  const Reported* found = nullptr;
  *matches = 0;
  for (const Reported& reported : reported_) {
    if (!release.empty() && reported.release->name != release) continue;
    if (reported.configured_id != component && reported.id != component) continue;
    ++*matches;
    if (found == nullptr) found = &reported;
  }
  return found;
}

bool DataPoints::Allows(PointKind kind, std::string_view key) const {
  return std::any_of(field_.points.begin(), field_.points.end(), [&](const PointRule& rule) {
    return rule.kind == kind && (key.empty() || rule.key == key);
  });
}

std::int64_t DataPoints::CountClusters() const {
  std::vector<std::string_view> clusters;
  for (const Reported& reported : reported_) {
    if (!reported.cluster.empty()) clusters.push_back(reported.cluster);
  }
  std::sort(clusters.begin(), clusters.end());
  clusters.erase(std::unique(clusters.begin(), clusters.end()), clusters.end());
  return static_cast<std::int64_t>(clusters.size());
}

void DataPoints::CheckPlace(std::string_view release, std::string_view component,
                            const std::string& where, Position at, const std::string& source,
                            Problems& problems) const {
  std::size_t matches = 0;
  Find(release, component, &matches);
  const std::string name = "\"" + Quotable(component) + "\"";
  if (matches == 0) {
    problems.Add({ErrorCode::kNotFound, where,
                  "no component " + name + " stands in managed.releases", at, source});
  } else if (matches > 1) {
    problems.Add({ErrorCode::kConflict, where,
                  "the component " + name + " stands in several releases; name the release", at,
                  source});
  }
}

void DataPoints::Check(Problems& problems) const {
  const bool counted = !reported_.empty() && (Allows(PointKind::kComponentCount, "") ||
                                              Allows(PointKind::kClusterCount, ""));
  if (!facts_.collected_at.has_value() && (counted || !facts_.scrapes.empty())) {
    problems.Add({ErrorCode::kMissing,
                  "/collectedAt",
                  "must be given, as Unix milliseconds: it is the time of the data points",
                  {1, 1}});
  }
  for (const UsageFact& usage : facts_.usage) {
    CheckPlace(usage.release, usage.component, usage.where, usage.at, "", problems);
  }
  for (const Scrape& scrape : facts_.scrapes) {
    std::size_t matches = 0;
    const Reported* component = Find(scrape.release, scrape.component, &matches);
    if (matches != 1) {
      CheckPlace(scrape.release, scrape.component, "", {}, scrape.name, problems);
      continue;
    }
    const std::vector<FamilySelection> selections = SelectionsFor(field_, component->id);
    CountingHandler handler;
    ExpositionSelector selector(selections, handler);
    selector.Feed(scrape.exposition);
    Problems found = selector.Finish();
    found.SetSource(scrape.name);
    problems.AddAll(std::move(found));
  }
}

void DataPoints::WriteCount(const std::string& entities, std::string_view key, std::int64_t value,
                            JsonWriter& writer) const {
  writer.BeginObject();
  writer.Raw(entities);
  writer.Key("key");
  writer.String(key);
  writer.Key("type");
  writer.Integer(1);
  writer.Key("transferredValue");
  writer.String(Decimal(value));
  writer.Key("value");
  writer.Integer(value);
}

void DataPoints::WriteUsage(JsonWriter& writer) const {
  for (const PointRule& rule : field_.points) {
    if (rule.kind != PointKind::kUsage) continue;
    for (const UsageFact& usage : facts_.usage) {
      std::size_t matches = 0;
      const Reported* component = Find(usage.release, usage.component, &matches);
      if (usage.key != rule.key || !IsFrom(rule, PointKind::kUsage, component->id)) continue;
      WriteCount(component->point_entities, rule.key, usage.value, writer);
      writer.Key("tsFrom");
      writer.Integer(usage.ts_from);
      writer.Key("tsTo");
      writer.Integer(usage.ts_to);
      writer.EndObject();
    }
  }
}

void DataPoints::WriteScrape(const Scrape& scrape, JsonWriter& writer) const {
  std::size_t matches = 0;
  const Reported* component = Find(scrape.release, scrape.component, &matches);
  const std::vector<FamilySelection> selections = SelectionsFor(field_, component->id);
  PointWriter points(component->point_entities, *facts_.collected_at, writer);
  ExpositionSelector selector(selections, points);
  selector.Feed(scrape.exposition);
  selector.Finish();
}

void DataPoints::Write(JsonWriter& writer) const {
  const auto count = [&](const std::string& entities, PointKind kind, std::int64_t value) {
    for (const PointRule& rule : field_.points) {
      if (rule.kind != kind) continue;
      WriteCount(entities, rule.key, value, writer);
      writer.Key("tsFrom");
      writer.Integer(*facts_.collected_at);
      writer.EndObject();
    }
  };
  writer.BeginArray();
  for (const bool management : {false, true}) {
    for (const Reported& component : reported_) {
      if (component.cluster.empty() == management) {
        count(component.count_entities, PointKind::kComponentCount, 1);
      }
    }
  }
  if (!reported_.empty()) count(global_entities_, PointKind::kClusterCount, CountClusters());
  WriteUsage(writer);
  for (const Scrape& scrape : facts_.scrapes) WriteScrape(scrape, writer);
  writer.EndArray();
}

}  // namespace candor
