#include "native/reporter/candidate.h"

#include <algorithm>

#include "core/erasure.h"
#include "core/facts.h"
#include "core/report.h"
#include "core/scope.h"
#include "core/sha256.h"
#include "core/text.h"
#include "native/reporter/engine_places.h"
#include "native/reporter/facts_draft.h"

namespace candor {
namespace {

bool Has(const Catalogue& catalogue, std::string_view pointer) {
  return std::any_of(catalogue.fields.begin(), catalogue.fields.end(),
                     [pointer](const Field& field) { return field.pointer == pointer; });
}

// Whether `pointer` is the field's, whose open keys stand for any.
bool Matches(std::string_view field, std::string_view pointer) {
  while (!field.empty() && !pointer.empty()) {
    const std::size_t field_end = std::min(field.find('/', 1), field.size());
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view step = field.substr(0, field_end);
    if (step != "/*" && step != pointer.substr(0, end)) return false;
    field.remove_prefix(field_end);
    pointer.remove_prefix(end);
  }
  return field.empty() && pointer.empty();
}

bool AnyMatches(const Catalogue& catalogue, std::string_view pointer) {
  return std::any_of(
      catalogue.fields.begin(), catalogue.fields.end(),
      [pointer](const Field& field) { return !field.fixed && Matches(field.pointer, pointer); });
}

// "2026-11-21T04:05:06.789Z"
std::string TimeTextWithMillis(UnixMillis time) {
  std::string text = TimeText(time);
  if (text.empty() || text.back() != 'Z') return text;
  const std::string millis = Decimal(1000 + time % 1000);
  return text.substr(0, text.size() - 1) + "." + millis.substr(1) + "Z";
}

void PutInstallation(const CandidateInputs& inputs, FactsDraft& draft) {
  if (!Has(inputs.offered, places::kInstallation)) return;
  const std::string& configured = inputs.config.installation_id.value;
  if (!configured.empty()) {
    draft.Put(places::kInstallation, JsonValue::String(configured));
  } else if (draft.Find(places::kInstallation) == nullptr && !inputs.state.installation.empty()) {
    draft.Put(places::kInstallation, JsonValue::String(inputs.state.installation));
  }
}

// Whatever the host's facts say: only who has the secret can make use of it.
void PutErasure(const CandidateInputs& inputs, FactsDraft& draft) {
  draft.Remove(kErasurePlace);
  const std::string& secret = inputs.state.erasure_secret;
  if (!inputs.config.erasable.value || secret.empty() || !Has(inputs.offered, kErasurePlace)) {
    return;
  }
  draft.Put(kErasurePlace, JsonValue::String(ErasureHash(secret)));
}

void PutTelemetryEnabled(std::optional<bool> enabled, FactsDraft& draft) {
  if (draft.Find(places::kTelemetryEnabled) != nullptr) return;
  draft.Put(places::kTelemetryEnabled, enabled ? JsonValue::Boolean(*enabled) : JsonValue());
}

// A counter that the catalogue names outright is reported also when nothing was counted; under an
// open key such a name would only tell that it was counted once, perhaps before anybody agreed.
void PutCount(const Catalogue& offered, const std::string& pointer, std::uint64_t count,
              FactsDraft& draft) {
  if (count == 0 && !Has(offered, pointer)) return;
  const auto most = static_cast<std::uint64_t>(kMaxSafeInteger);
  draft.Put(pointer, JsonValue::Integer(static_cast<std::int64_t>(std::min(count, most))));
}

void PutCounts(const CandidateInputs& inputs, FactsDraft& draft) {
  for (const auto& [name, count] : CountedSince(inputs.state.baselines, inputs.totals)) {
    PutCount(inputs.offered, name, count, draft);
    for (const auto& [newer, older] : places::kMetricAliases) {
      if (name == places::CountAt(places::kMetrics, newer)) {
        PutCount(inputs.offered, places::CountAt(places::kMetrics, older), count, draft);
      }
    }
  }
}

// Consent and configuration, sorted, each once.
std::vector<std::string> Withheld(const CandidateInputs& inputs) {
  std::vector<std::string> ids = inputs.config.withhold.value;
  if (inputs.state.consent) {
    const std::vector<std::string>& more = inputs.state.consent->withheld;
    ids.insert(ids.end(), more.begin(), more.end());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Result<Candidate> Build(const CandidateInputs& inputs, const Catalogue& agreed,
                        const FactsDraft& draft) {
  std::string document = draft.Write();
  const Result<Facts> facts = ParseFacts(document);
  if (!facts.ok()) return facts.problems();
  StringSink sink;
  Problems problems = BuildReport({inputs.config, agreed, facts.value()}, sink);
  if (!problems.empty()) return problems;
  Candidate candidate;
  candidate.bytes = std::move(sink).text();
  candidate.digest = Sha256Hex(candidate.bytes);
  candidate.facts = std::move(document);
  candidate.consent = inputs.state.consent;
  candidate.catalogue = agreed.name;
  candidate.scope_digest = ScopeDigest(agreed);
  candidate.withheld = Withheld(inputs);
  candidate.baselines = inputs.state.baselines;
  candidate.totals = inputs.totals;
  candidate.from = inputs.state.counting_since.value_or(inputs.now);
  candidate.to = inputs.now;
  return candidate;
}

}  // namespace

Result<Catalogue> OfferedCatalogue(const Config& config, const Catalogue& catalogue) {
  Result<Catalogue> offered = Withhold(catalogue, config.withhold.value);
  if (offered.ok()) return offered;
  Problems placed;
  for (Error error : offered.problems().list()) {
    error.where.insert(0, "/withhold");
    placed.Add(std::move(error));
  }
  return placed;
}

bool ReportsCount(const Catalogue& catalogue, std::string_view pointer) {
  if (AnyMatches(catalogue, pointer)) return true;
  for (const auto& [newer, older] : places::kMetricAliases) {
    if (pointer == places::CountAt(places::kMetrics, newer)) {
      return AnyMatches(catalogue, places::CountAt(places::kMetrics, older));
    }
  }
  return false;
}

Result<Candidate> MakeCandidate(const CandidateInputs& inputs) {
  FactsDraft draft;
  Problems problems = draft.Read(inputs.facts);
  if (!problems.empty()) return problems;
  PutInstallation(inputs, draft);
  PutErasure(inputs, draft);
  PutTelemetryEnabled(true, draft);
  if (inputs.state.counting_since) {
    draft.Put(places::kCountingSince,
              JsonValue::String(TimeTextWithMillis(*inputs.state.counting_since)));
  }
  PutCounts(inputs, draft);
  return Build(inputs, AgreedCatalogue(inputs.offered, inputs.state.consent), draft);
}

Result<Candidate> MakeInitialCandidate(const CandidateInputs& inputs, const Catalogue& initial) {
  FactsDraft known;
  Problems problems = known.Read(inputs.facts);
  if (!problems.empty()) return problems;
  FactsDraft draft;
  for (const std::string_view place : {places::kInstallation, places::kProductName,
                                       places::kProductVersion, places::kProductEdition}) {
    if (const JsonValue* value = known.Find(place)) draft.Put(place, *value);
  }
  PutInstallation(inputs, draft);
  std::optional<bool> enabled;
  if (inputs.state.consent) enabled = inputs.state.consent->verdict == Verdict::kGranted;
  PutTelemetryEnabled(enabled, draft);
  return Build(inputs, initial, draft);
}

std::string InitialReportId(const std::string& installation) {
  std::string id = Sha256Hex("candor initial report\n" + installation).substr(0, 32);
  id[12] = '8';                                             // Version 8: made by a rule.
  id[16] = "89ab"[static_cast<unsigned char>(id[16]) % 4];  // The variant of RFC 9562.
  for (const std::size_t at : {20, 16, 12, 8}) id.insert(at, "-");
  return id;
}

}  // namespace candor
