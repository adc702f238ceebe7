// The Console's `dataPoints`: counts of components and clusters, usage over a window, and selected
// samples of scraped expositions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/exposition.h"
#include "core/facts.h"
#include "core/json_writer.h"
#include "core/result.h"

namespace candor {

// What reports by a catalogue take from a component.
struct ComponentDemand {
  std::vector<FamilySelection> families;  // Of its exposition. Errors in others do not matter.
  std::vector<std::string> usage;         // Keys of its usage points.
};
// Nothing for components that are not reported. `component`: its id in the configuration.
ComponentDemand DemandOf(const Catalogue& catalogue, const std::string& component);

// Made once for a report; the arguments of the constructor are borrowed and must outlive it.
class DataPoints {
 public:
  // `depth` is how deep the array's items stand: indentation is part of the bytes.
  DataPoints(const Field& field, const ComponentRules& rules, const Config& config,
             const Facts& facts, std::size_t depth);

  // Everything that is wrong with the facts and scrapes the points come from. Reads every scrape.
  void Check(Problems& problems) const;

  // Writes the array. REQUIRES: Check found nothing.
  void Write(JsonWriter& writer) const;

 private:
  // A configured component that is reported, and the entities that its points name.
  struct Reported {
    const ManagedRelease* release = nullptr;
    std::string configured_id, id;  // "zeebe", "zeebe-broker"
    std::string cluster;            // MD5 of the release's name, "" for management components.
    std::string count_entities;     // Ready-made `"entities": [...]` of its component-count,
    std::string point_entities;     // and of its usage and scraped points.
  };

  const Reported* Find(std::string_view release, std::string_view component,
                       std::size_t* matches) const;
  void CheckPlace(std::string_view release, std::string_view component, const std::string& where,
                  Position at, const std::string& source, Problems& problems) const;
  bool Allows(PointKind kind, std::string_view key) const;
  std::int64_t CountClusters() const;
  void WriteCount(const std::string& entities, std::string_view key, std::int64_t value,
                  JsonWriter& writer) const;
  void WriteUsage(JsonWriter& writer) const;
  void WriteScrape(const Scrape& scrape, JsonWriter& writer) const;
  std::string Entities(std::initializer_list<std::pair<std::string_view, std::string_view>> list);

  const Field& field_;
  const Facts& facts_;
  std::size_t depth_;
  std::vector<Reported> reported_;
  std::string global_entities_;
};

}  // namespace candor
