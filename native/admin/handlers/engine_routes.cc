// The engine's part of original_routes.h.
#include <algorithm>
#include <utility>

#include "core/erasure.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/report.h"
#include "core/scope.h"
#include "native/admin/handlers/consent_handler.h"
#include "native/admin/handlers/license_rule.h"
#include "native/admin/handlers/original_agreement.h"
#include "native/admin/handlers/original_routes.h"
#include "native/admin/handlers/preview_handler.h"
#include "native/admin/handlers/refusals.h"
#include "native/admin/handlers/status_handler.h"
#include "native/reporter/engine_places.h"
#include "native/reporter/facts_draft.h"

namespace candor {
namespace {

// As the engine's exceptions are told.
HttpAnswer EngineRefusal(int status, std::string_view type, std::string_view message) {
  return {status,
          "application/json",
          "{\"type\":" + CompactText(type) + ",\"message\":" + CompactText(message) + "}",
          {}};
}

// An internal key's newer name is the public one.
bool IsPublic(const Field& field) {
  if (field.pointer == places::kTelemetryEnabled || field.pointer == places::kTaskWorkers) {
    return false;
  }
  return std::none_of(places::kMetricAliases.begin(), places::kMetricAliases.end(),
                      [&](const auto& alias) {
                        return field.pointer == places::CountAt(places::kMetrics, alias.second);
                      });
}

// How the engine's REST API prints what its catalogue names: the documented order, and null for
// what is not known.
Profile RestProfile(const Catalogue& engine) {
  Profile rest;
  rest.name = "rest";
  for (const Field& field : engine.fields) {
    if (IsPublic(field)) rest.order.push_back({field.pointer, std::nullopt});
  }
  rest.missing = {{"", MissingRule::kNull, {}},
                  {std::string(kErasurePlace), MissingRule::kOmit, {}},
                  {"/product/internals/commands", MissingRule::kOmit, {}},
                  {"/product/internals/metrics", MissingRule::kOmit, {}},
                  {std::string(places::kIntegrations), MissingRule::kLiteral, JsonValue::Array()},
                  {std::string(places::kWebapps), MissingRule::kLiteral, JsonValue::Array()}};
  for (const char* const object : {"database", "application-server", "license-key", "jdk"}) {
    rest.objects.push_back({std::string("/product/internals/") + object, ObjectRule::Empty::kNull});
  }
  for (const char* const object : {"commands", "metrics"}) {
    rest.objects.push_back(
        {std::string("/product/internals/") + object, ObjectRule::Empty::kObject});
  }
  return rest;
}

Result<Catalogue> RestCatalogue(const Setup& setup, const Candidate& candidate) {
  Result<Catalogue> engine = ParseCatalogue(setup.catalogue_document);
  if (!engine.ok()) return engine;
  Catalogue all = std::move(engine).value();
  all.profiles = {RestProfile(all)};
  Result<Catalogue> rest = SelectProfile(all, "rest");
  // What the REST API does not know of cannot be withheld from it.
  for (const std::string& id : candidate.withheld) {
    if (!rest.ok()) return rest;
    if (Result<Catalogue> less = Withhold(rest.value(), {id}); less.ok()) rest = std::move(less);
  }
  return rest;
}

// "2026-11-21T04:05:06.789Z" as the engine's REST API writes it.
void PutEngineDate(FactsDraft& facts) {
  const JsonValue* const date = facts.Find(places::kCountingSince);
  if (date == nullptr || !date->is_string() || !date->text().ends_with('Z')) return;
  std::string text = date->text();
  text.replace(text.size() - 1, 1, "+0000");
  facts.Put(places::kCountingSince, JsonValue::String(std::move(text)));
}

Result<std::string> EngineBytes(const Setup& setup, const Candidate& candidate) {
  const Result<Catalogue> rest = RestCatalogue(setup, candidate);
  if (!rest.ok()) return rest.problems();
  FactsDraft draft;
  if (Problems problems = draft.Read(candidate.facts); !problems.empty()) return problems;
  PutEngineDate(draft);
  const Result<Facts> facts = ParseFacts(draft.Write());
  if (!facts.ok()) return facts.problems();
  StringSink sink;
  Problems problems = BuildReport({setup.config, rest.value(), facts.value()}, sink);
  if (!problems.empty()) return problems;
  return std::move(sink).text();
}

// Nothing when it is missing, null or no boolean. Of a member given twice the last counts, as
// there.
std::optional<bool> FlagOf(const AdminRequest& request) {
  JsonLimits limits;
  limits.duplicate_keys = DuplicateKeys::kAccept;
  const Result<JsonValue> body = ReadJson(request.http.body, limits);
  std::optional<bool> flag;
  if (!body.ok() || !body.value().is_object()) return flag;
  for (const JsonMember& member : body.value().members()) {
    if (member.key != "enableTelemetry") continue;
    flag.reset();
    if (member.value.kind() == JsonKind::kBoolean) flag = member.value.boolean();
  }
  return flag;
}

}  // namespace

HttpAnswer ReadEngineConfiguration(AdminTarget& target) {
  const Result<ReporterStatus> status = StatusOf(target);
  if (!status.ok()) return RefusedBy(status.problems());
  const std::optional<ConsentRecord>& consent = status.value().state.consent;
  const char* const flag = !consent                                ? "null"
                           : consent->verdict == Verdict::kGranted ? "true"
                                                                   : "false";
  return JsonAnswer(std::string("{\"enableTelemetry\":") + flag + "}");
}

HttpAnswer SetEngineConfiguration(AdminTarget& target, const AdminRequest& request) {
  const std::optional<bool> flag = FlagOf(request);
  if (!flag) {
    return EngineRefusal(400, "InvalidRequestException",
                         "enableTelemetry is missing; it must be true or false");
  }
  const Agreement done = AgreeUnseen(target, request.caller, *flag);
  if (!done.why_not.empty()) {
    return EngineRefusal(409, "RestException", "telemetry is off: " + done.why_not);
  }
  if (!done.problems.empty()) return RefusedBy(done.problems);
  return {204, "", {}, {}};
}

HttpAnswer ReadEngineData(AdminTarget& target, const AdminRequest& request) {
  std::vector<std::string> hidden;
  const Result<Candidate> made = LookNow(target, request.caller, &hidden);
  if (!made.ok()) return RefusedBy(made.problems());
  if (!hidden.empty()) {
    return EngineRefusal(403, "AuthorizationException",
                         "Required admin authenticated group or user, as the data holds licence "
                         "data.");
  }
  const Setup& setup = target.setup();
  if (setup.catalogue.name != "engine") return JsonAnswer(made.value().bytes);
  Result<std::string> bytes = EngineBytes(setup, made.value());
  return bytes.ok() ? JsonAnswer(std::move(bytes).value()) : RefusedBy(bytes.problems());
}

}  // namespace candor
