#include "core/consent.h"

#include <algorithm>
#include <utility>

#include "core/json_members.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kVerdicts[] = {"granted", "denied"};
constexpr std::string_view kThrough[] = {"page", "command", "rest", "configuration", "host"};

bool IsDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string ReadDigest(JsonMembers& record, std::string_view key) {
  std::string digest = record.Text(key, kMaxConsentTextBytes, Need::kRequired);
  if (!digest.empty() && !IsDigest(digest)) {
    record.Fail(ErrorCode::kOutOfRange, key, "must be 64 lower-case hexadecimal digits");
  }
  return digest;
}

std::vector<ScopeEntry> ReadScope(JsonMembers& record, Problems& problems) {
  std::vector<ScopeEntry> scope;
  const JsonValue* list = record.Get("scope", JsonKind::kArray, Need::kRequired);
  if (list == nullptr) return scope;
  if (list->items().size() > kMaxScopeEntries) {
    record.Fail(ErrorCode::kOverLimit, "scope", "at most 10000 entries are allowed");
    return scope;
  }
  for (const JsonValue& item : list->items()) {
    JsonMembers members(item, ItemPointer(record.Where("scope"), scope.size()), problems);
    ScopeEntry entry;
    entry.id = members.Text("id", kMaxConsentTextBytes, Need::kRequired);
    entry.detail = members.Text("detail", kMaxConsentTextBytes, Need::kRequired);
    members.Finish();
    if (!entry.id.empty() && !scope.empty() && entry.id <= scope.back().id) {
      members.Fail(ErrorCode::kOutOfRange, "id",
                   "must stand behind the id before it in byte order, each once");
    }
    scope.push_back(std::move(entry));
  }
  return scope;
}

std::int64_t ReadWhen(JsonMembers& record) {
  std::int64_t when = 0;
  const JsonValue* member = record.Get("whenMs", JsonKind::kNumber, Need::kRequired);
  if (member != nullptr && !member->AsInteger(&when)) {
    record.Fail(ErrorCode::kOutOfRange, "whenMs",
                "must be an integer of Unix milliseconds within +-(2^53-1)");
  }
  return when;
}

struct Narrowed {
  Catalogue catalogue;
  std::vector<std::string> needed;  // Withheld ids that may not be withheld (any longer).
};

// Without what was withheld. An id that names nothing now must not keep the others from their
// effect, so they are taken one by one where not all of them go at once.
Narrowed WithoutWithheld(const ConsentRecord& record, const Catalogue& catalogue) {
  if (Result<Catalogue> all = Withhold(catalogue, record.withheld); all.ok()) {
    return {std::move(all).value(), {}};
  }
  Narrowed narrowed{catalogue, {}};
  for (const std::string& id : record.withheld) {
    Result<Catalogue> next = Withhold(narrowed.catalogue, {id});
    if (next.ok()) {
      narrowed.catalogue = std::move(next).value();
    } else if (next.error().code != ErrorCode::kNotFound) {
      narrowed.needed.push_back(id);
    }
  }
  return narrowed;
}

}  // namespace

ConsentRecord MakeConsent(Verdict verdict, const Catalogue& catalogue,
                          std::vector<std::string> withheld) {
  std::sort(withheld.begin(), withheld.end());
  withheld.erase(std::unique(withheld.begin(), withheld.end()), withheld.end());
  ConsentRecord record;
  record.verdict = verdict;
  record.catalogue = catalogue.name;
  record.scope_digest = ScopeDigest(catalogue);
  record.scope = ScopeOf(catalogue);
  record.withheld = std::move(withheld);
  return record;
}

Result<ConsentRecord> ParseConsent(const JsonValue& document, const std::string& where) {
  Problems problems;
  JsonMembers record(document, where, problems);
  ConsentRecord out;
  // Anything but an exact "granted" is a no.
  if (record.Choice("verdict", kVerdicts, Need::kRequired) == 0) out.verdict = Verdict::kGranted;
  out.catalogue = record.Text("catalogue", kMaxConsentTextBytes, Need::kRequired);
  out.scope_digest = ReadDigest(record, "scopeDigest");
  out.scope = ReadScope(record, problems);
  out.withheld = record.Texts("withheld", kMaxWithheldIds, kMaxConsentTextBytes, Need::kRequired);
  out.who = record.Text("who", kMaxConsentTextBytes, Need::kRequired);
  out.when_ms = ReadWhen(record);
  const int through = record.Choice("through", kThrough, Need::kRequired);
  if (through >= 0) out.through = kThrough[through];
  const JsonValue* shown = record.Get("reportDigest", JsonKind::kString, Need::kOptional);
  if (shown != nullptr && !shown->text().empty()) {
    out.report_digest = ReadDigest(record, "reportDigest");
  }
  record.Finish();
  if (problems.empty() && ScopeDigest(out.scope) != out.scope_digest) {
    record.Fail(ErrorCode::kConflict, "scopeDigest", "is not the digest of \"scope\"");
  }
  if (!problems.empty()) return problems;
  return out;
}

void WriteConsent(const ConsentRecord& record, JsonWriter& writer) {
  const auto text = [&](std::string_view key, std::string_view value) {
    writer.Key(key);
    writer.String(value);
  };
  writer.BeginObject();
  text("verdict", record.verdict == Verdict::kGranted ? "granted" : "denied");
  text("catalogue", record.catalogue);
  text("scopeDigest", record.scope_digest);
  writer.Key("scope");
  writer.BeginArray();
  for (const ScopeEntry& entry : record.scope) {
    writer.BeginObject();
    text("id", entry.id);
    text("detail", entry.detail);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("withheld");
  writer.BeginArray();
  for (const std::string& id : record.withheld) writer.String(id);
  writer.EndArray();
  text("who", record.who);
  writer.Key("whenMs");
  writer.Integer(record.when_ms);
  text("through", record.through);
  text("reportDigest", record.report_digest);
  writer.EndObject();
}

Catalogue CoveredBy(const ConsentRecord& record, const Catalogue& catalogue) {
  Narrowed narrowed = WithoutWithheld(record, catalogue);
  if (record.verdict != Verdict::kGranted || record.catalogue != catalogue.name ||
      !narrowed.needed.empty()) {
    narrowed.catalogue.fields.clear();
    return std::move(narrowed.catalogue);
  }
  return RestrictTo(narrowed.catalogue, record.scope);
}

Catalogue AgreedCatalogue(const Catalogue& offered, const std::optional<ConsentRecord>& consent) {
  const bool agreed = consent && consent->verdict == Verdict::kGranted;
  return agreed ? CoveredBy(*consent, offered) : offered;
}

ConsentDrift DriftSince(const ConsentRecord& record, const Catalogue& catalogue) {
  ConsentDrift drift;
  const std::vector<ScopeEntry> all = ScopeOf(catalogue);
  const bool same_catalogue = record.catalogue == catalogue.name;
  const auto by_id = [](const ScopeEntry& a, const ScopeEntry& b) { return a.id < b.id; };
  for (const ScopeEntry& entry : record.scope) {
    if (!std::binary_search(all.begin(), all.end(), entry, by_id)) drift.gone.push_back(entry.id);
  }
  Narrowed narrowed = WithoutWithheld(record, catalogue);
  for (const ScopeEntry& entry : ScopeOf(narrowed.catalogue)) {
    const bool covered = same_catalogue && Covers(record.scope, entry);
    if (!covered) drift.uncovered.push_back(entry.id);
  }
  for (std::string& id : narrowed.needed) drift.uncovered.push_back(std::move(id));
  std::sort(drift.uncovered.begin(), drift.uncovered.end());
  drift.uncovered.erase(std::unique(drift.uncovered.begin(), drift.uncovered.end()),
                        drift.uncovered.end());
  drift.asks_again = record.verdict == Verdict::kGranted && !drift.uncovered.empty();
  return drift;
}

}  // namespace candor
