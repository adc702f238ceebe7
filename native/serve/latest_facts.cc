#include "native/serve/latest_facts.h"

#include <utility>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "native/scrape/collection_text.h"

namespace candor {
namespace {

constexpr std::int64_t kPublishMs = 60 * 60 * 1000;

// What of it people would call another state of things.
std::string Standing(const Collection& collection) {
  std::string all;
  for (const ComponentReading& reading : collection.components) {
    for (const std::string_view part :
         {std::string_view(reading.release), std::string_view(reading.name_space),
          std::string_view(reading.id), std::string_view(reading.version), Name(reading.health)}) {
      all.append(part) += '\n';
    }
    all += reading.metrics_read ? "read\n" : "not read\n";
  }
  return Sha256Hex(all);
}

}  // namespace

std::shared_ptr<const Collection> LatestFacts::collection() const {
  const std::lock_guard lock(mutex_);
  return collection_;
}

bool LatestFacts::Put(Collection collection, std::int64_t boot_ms) {
  std::string standing = Standing(collection);
  auto latest = std::make_shared<const Collection>(std::move(collection));
  const std::lock_guard lock(mutex_);
  const bool first = collection_ == nullptr;
  collection_ = std::move(latest);
  const bool same = std::exchange(standing_, std::move(standing)) == standing_;
  if (!first && same && boot_ms - published_boot_ms_ < kPublishMs) return false;
  published_boot_ms_ = boot_ms;
  return true;
}

bool LatestFacts::PutOthers(const std::string& text) {
  std::string digest = Sha256Hex(text);
  const std::lock_guard lock(mutex_);
  if (digest == others_) return false;
  others_ = std::move(digest);
  return true;
}

void LatestFacts::AddTo(FactsDraft& facts) {
  const std::shared_ptr<const Collection> latest = collection();
  if (latest == nullptr) return;
  const Result<JsonValue> document = ReadJson(FactsOf(*latest));
  if (!document.ok()) return;
  for (const JsonMember& member : document.value().members()) {
    facts.PutTop(member.key, member.value);
  }
}

}  // namespace candor
