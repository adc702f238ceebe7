#include "core/facts.h"

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/text.h"
#include "core/time_text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxName = 2048;

// A required integer of a range; `least` when it is missing or out of it, which is then a problem.
std::int64_t RequiredInteger(JsonMembers& object, std::string_view key, std::int64_t least,
                             std::int64_t most) {
  object.Get(key, Need::kRequired);
  return object.Integer(key, least, most, least);
}

UsageFact ReadUsage(const JsonValue& value, const std::string& where, Problems& problems) {
  UsageFact usage;
  usage.where = where;
  usage.at = value.at();
  JsonMembers object(value, where, problems);
  usage.release = object.Text("release", kMaxName, Need::kOptional);
  usage.component = object.Text("component", kMaxName, Need::kRequired);
  usage.key = object.Text("key", kMaxName, Need::kRequired);
  usage.value = RequiredInteger(object, "value", 0, kMaxSafeInteger);
  usage.ts_from = RequiredInteger(object, "tsFrom", 0, kLatestTime);
  usage.ts_to = RequiredInteger(object, "tsTo", 0, kLatestTime);
  if (usage.ts_to < usage.ts_from) {
    object.Fail(ErrorCode::kConflict, "tsTo", "is before tsFrom");
  }
  object.Finish();
  return usage;
}

Scrape ReadScrape(const JsonValue& value, const std::string& where, Problems& problems) {
  Scrape scrape;
  scrape.name = where;
  JsonMembers object(value, where, problems);
  scrape.release = object.Text("release", kMaxName, Need::kOptional);
  scrape.component = object.Text("component", kMaxName, Need::kRequired);
  const JsonValue* text = object.Get("exposition", JsonKind::kString, Need::kRequired);
  if (text != nullptr) scrape.exposition = text->text();
  object.Finish();
  return scrape;
}

template <typename T, typename Read>
void ReadList(JsonMembers& facts, std::string_view key, std::vector<T>* out, Problems& problems,
              Read read) {
  const JsonValue* list = facts.Get(key, JsonKind::kArray, Need::kOptional);
  if (list == nullptr) return;
  for (const JsonValue& item : list->items()) {
    out->push_back(read(item, ItemPointer(facts.Where(key), out->size()), problems));
  }
}

}  // namespace

Result<Facts> ParseFacts(std::string_view json) {
  Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return std::move(document).problems();
  return ParseFacts(std::move(document).value());
}

Result<Facts> ParseFacts(JsonValue document) {
  Facts facts;
  facts.document = std::make_unique<const JsonValue>(std::move(document));

  Problems problems;
  JsonMembers object(*facts.document, "", problems);
  facts.values = object.Get("values", JsonKind::kObject, Need::kOptional);
  if (const JsonValue* key = object.Get("licenseKey", JsonKind::kString, Need::kOptional)) {
    facts.license_key = key->text();
  }
  if (object.Get("collectedAt", Need::kOptional) != nullptr) {
    facts.collected_at = object.Integer("collectedAt", 0, kLatestTime, 0);
  }
  ReadList(object, "usage", &facts.usage, problems, ReadUsage);
  ReadList(object, "scrapes", &facts.scrapes, problems, ReadScrape);
  object.Finish();
  if (!problems.empty()) return problems;
  return facts;
}

}  // namespace candor
