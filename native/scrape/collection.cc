#include "native/scrape/collection.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/data_points.h"
#include "native/scrape/questions.h"
#include "native/scrape/usage_endpoint.h"

namespace candor {
namespace {

using Kind = Questions::Kind;

// What is asked of one component.
struct Asked {
  const ManagedRelease* release;
  const ManagedComponent* component;
  ComponentDemand demand;
  std::optional<std::size_t> readiness = {}, metrics = {};
  std::vector<std::pair<std::string, std::size_t>> usage = {};  // By key.
};

Asked AskFor(const ManagedRelease& release, const ManagedComponent& component,
             const Catalogue& catalogue, UnixMillis now, Questions& questions) {
  Asked asked{&release, &component, DemandOf(catalogue, component.id)};
  asked.readiness = questions.Add(Kind::kReadiness, component.readiness);
  asked.metrics = questions.Add(Kind::kMetrics, component.metrics, asked.demand.families);
  for (const std::string& key : asked.demand.usage) {
    const auto question = questions.Add(Kind::kUsage, UsageUrl(component.metrics, key, now));
    if (question) asked.usage.emplace_back(key, *question);
  }
  return asked;
}

// Whether there is nothing against it; else the problem is noted.
bool IsGood(const QuestionAnswer& answer, const std::string& what, ComponentReading& reading) {
  reading.took_ms = std::max(reading.took_ms, answer.took_ms);
  if (answer.problem.empty()) return true;
  for (ReadingProblem& problem : reading.problems) {
    if (problem.why != answer.problem) continue;
    problem.what += ", " + what;
    return false;
  }
  reading.problems.push_back({what, answer.problem});
  return false;
}

ComponentReading Read(const Asked& asked, const Questions& questions) {
  ComponentReading reading;
  reading.release = asked.release->name;
  reading.name_space = asked.release->name_space;
  reading.id = asked.component->id;
  reading.name = asked.component->name;
  reading.version = asked.component->version;
  reading.has_metrics = asked.metrics.has_value();
  if (asked.readiness) {
    const QuestionAnswer& answer = questions.AnswerTo(*asked.readiness);
    const bool good = IsGood(answer, "readiness", reading);
    reading.health = good ? Health::kHealthy : answer.down ? Health::kDown : Health::kUnhealthy;
  }
  if (asked.metrics) {
    const QuestionAnswer& answer = questions.AnswerTo(*asked.metrics);
    reading.metrics_read = IsGood(answer, "metrics", reading);
    if (reading.version.empty()) reading.version = answer.version;
    reading.cpu = answer.numbers.cpu;
    reading.memory_used = answer.numbers.memory_used;
    reading.memory_most = answer.numbers.memory_most;
    if (!asked.demand.families.empty()) reading.exposition = answer.exposition;
  }
  return reading;
}

void ReadUsages(const Asked& asked, const Questions& questions, UnixMillis to,
                ComponentReading& reading, std::vector<UsageReading>& usage) {
  for (const auto& [key, question] : asked.usage) {
    const QuestionAnswer& answer = questions.AnswerTo(question);
    if (!IsGood(answer, "usage " + key, reading)) continue;
    usage.push_back({asked.release->name, asked.component->id, key, answer.usage.value_or(0),
                     to - kUsageWindowMs, to});
  }
}

// Reports name components by release and id; where two have both alike, which one is meant?
void LeaveOutAmbiguous(Collection& collection) {
  std::map<std::pair<std::string, std::string>, int> times;
  for (const auto& reading : collection.components) ++times[{reading.release, reading.id}];
  for (ComponentReading& reading : collection.components) {
    if (times[{reading.release, reading.id}] < 2 || !reading.has_metrics) continue;
    reading.exposition.clear();
    reading.problems.push_back(
        {"reports", "leave it out, as it stands several times under this release name"});
  }
  std::erase_if(collection.usage, [&times](const UsageReading& usage) {
    return times[{usage.release, usage.component}] > 1;
  });
}

}  // namespace

std::string_view Name(Health health) {
  constexpr std::string_view kNames[] = {"not asked", "healthy", "unhealthy", "down"};
  return kNames[static_cast<std::size_t>(health)];
}

Collection Collect(const std::vector<ManagedRelease>& releases, const Catalogue& catalogue,
                   HttpFetcher& fetcher, Clock& clock) {
  Collection collection;
  collection.collected_at = clock.Wall();
  Questions questions;
  std::vector<Asked> all;
  for (const ManagedRelease& release : releases) {
    for (const ManagedComponent& component : release.components) {
      all.push_back(AskFor(release, component, catalogue, collection.collected_at, questions));
    }
  }
  questions.Ask(fetcher);
  for (const Asked& asked : all) {
    ComponentReading reading = Read(asked, questions);
    ReadUsages(asked, questions, collection.collected_at, reading, collection.usage);
    collection.components.push_back(std::move(reading));
  }
  LeaveOutAmbiguous(collection);
  return collection;
}

}  // namespace candor
