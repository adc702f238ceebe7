#include "core/facts.h"

#include "core/json_object.h"
#include "core/json_reader.h"
#include "core/text.h"

namespace candor {
namespace {

using Need = ObjectReader::Need;

constexpr std::int64_t kLatest = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

void ReadTime(ObjectReader& object, std::string_view key, std::int64_t* out, Need need) {
  object.Integer(key, out, need);
  if (*out < 0 || *out > kLatest) {
    object.Refuse(ErrorCode::kOutOfRange, key, "must be Unix milliseconds from 1970 to 9999");
  }
}

UsageFact ReadUsage(const JsonValue& value, const std::string& where, Problems& problems) {
  UsageFact usage;
  usage.where = where;
  usage.at = value.at();
  ObjectReader object(value, where, problems);
  object.String("release", &usage.release);
  object.String("component", &usage.component, Need::kRequired);
  object.String("key", &usage.key, Need::kRequired);
  object.Integer("value", &usage.value, Need::kRequired);
  if (usage.value < 0) object.Refuse(ErrorCode::kOutOfRange, "value", "a count is at least 0");
  ReadTime(object, "tsFrom", &usage.ts_from, Need::kRequired);
  ReadTime(object, "tsTo", &usage.ts_to, Need::kRequired);
  if (usage.ts_to < usage.ts_from) {
    object.Refuse(ErrorCode::kConflict, "tsTo", "is before tsFrom");
  }
  object.RefuseUnknown();
  return usage;
}

Scrape ReadScrape(const JsonValue& value, const std::string& where, Problems& problems) {
  Scrape scrape;
  scrape.name = where;
  ObjectReader object(value, where, problems);
  object.String("release", &scrape.release);
  object.String("component", &scrape.component, Need::kRequired);
  if (const JsonValue* text = object.Take("exposition", JsonKind::kString)) {
    scrape.exposition = text->text();
  } else if (value.Find("exposition") == nullptr) {
    object.Refuse(ErrorCode::kMissing, "exposition", "must be given, as the text of a scrape");
  }
  object.RefuseUnknown();
  return scrape;
}

template <typename T, typename Read>
void ReadList(ObjectReader& facts, std::string_view key, std::vector<T>* out, Problems& problems,
              Read read) {
  const JsonValue* list = facts.Take(key, JsonKind::kArray);
  if (list == nullptr) return;
  for (const JsonValue& item : list->items()) {
    const std::string where =
        facts.Where(key) + "/" + Decimal(static_cast<std::int64_t>(out->size()));
    out->push_back(read(item, where, problems));
  }
}

}  // namespace

Result<Facts> ParseFacts(std::string_view json) {
  Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return std::move(document).problems();
  Facts facts;
  facts.document = std::make_unique<const JsonValue>(std::move(document).value());

  Problems problems;
  ObjectReader object(*facts.document, "", problems);
  facts.values = object.Take("values", JsonKind::kObject);
  if (const JsonValue* key = object.Take("licenseKey", JsonKind::kString)) {
    facts.license_key = key->text();
  }
  if (object.Take("collectedAt") != nullptr) {
    facts.collected_at = 0;
    ReadTime(object, "collectedAt", &*facts.collected_at, Need::kOptional);
  }
  ReadList(object, "usage", &facts.usage, problems, ReadUsage);
  ReadList(object, "scrapes", &facts.scrapes, problems, ReadScrape);
  object.RefuseUnknown();
  if (!problems.empty()) return problems;
  return facts;
}

}  // namespace candor
