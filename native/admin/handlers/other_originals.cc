// Optimize's and the Console's part of original_routes.h.
#include <utility>

#include "core/json_reader.h"
#include "native/admin/handlers/license_rule.h"
#include "native/admin/handlers/optimize_settings.h"
#include "native/admin/handlers/original_agreement.h"
#include "native/admin/handlers/original_routes.h"
#include "native/admin/handlers/preview_handler.h"
#include "native/admin/handlers/refusals.h"
#include "native/admin/handlers/status_handler.h"
#include "native/base/clock.h"

namespace candor {
namespace {

HttpAnswer OptimizeRefusal(int status, std::string_view code, std::string_view message) {
  return {status,
          "application/json",
          "{\"errorCode\":" + CompactText(code) + ",\"errorMessage\":" + CompactText(message) +
              ",\"detailedMessage\":" + CompactText(message) + "}",
          {}};
}

struct SettingsWish {
  std::optional<bool> telemetry, sharing;
};

// Unknown members are ignored, as the server sets the others itself. Nothing for what is no
// boolean.
std::optional<SettingsWish> ReadWish(const AdminRequest& request) {
  const Result<JsonValue> body = BodyOf(request);
  if (!body.ok() || !body.value().is_object()) return std::nullopt;
  SettingsWish wish;
  for (const auto& [key, flag] : {std::pair{"metadataTelemetryEnabled", &wish.telemetry},
                                  std::pair{"sharingEnabled", &wish.sharing}}) {
    const JsonValue* const value = body.value().Find(key);
    if (value == nullptr || value->is_null()) continue;
    if (value->kind() != JsonKind::kBoolean) return std::nullopt;
    *flag = value->boolean();
  }
  return wish;
}

}  // namespace

HttpAnswer ReadOptimizeSettings(AdminTarget& target) {
  const Result<ReporterStatus> status = StatusOf(target);
  if (!status.ok()) return RefusedBy(status.problems());
  const std::optional<ConsentRecord>& consent = status.value().state.consent;
  const OptimizeSettings settings = ReadOptimizeFile(target.core().place.folder);
  const bool enabled = consent ? consent->verdict == Verdict::kGranted
                               : target.setup().config.initialize_telemetry.value.value_or(false);
  std::string who = settings.who;
  UnixMillis when = settings.when_ms;
  if (consent && consent->when_ms >= when) {
    who = consent->who;
    when = consent->when_ms;
  }
  return JsonAnswer(
      std::string("{\"metadataTelemetryEnabled\":") + (enabled ? "true" : "false") +
      ",\"sharingEnabled\":" + (settings.sharing ? "true" : "false") +
      ",\"lastModifier\":" + (who.empty() ? "null" : CompactText(who)) +
      ",\"lastModified\":" + (who.empty() ? "null" : CompactText(OptimizeTime(when))) + "}");
}

HttpAnswer SetOptimizeSettings(AdminTarget& target, const AdminRequest& request) {
  const std::optional<SettingsWish> wish = ReadWish(request);
  if (!wish) {
    return OptimizeRefusal(400, "badRequestError",
                           "metadataTelemetryEnabled and sharingEnabled must be true or false");
  }
  if (!wish->telemetry && !wish->sharing) {
    return OptimizeRefusal(400, "badRequestError",
                           "No settings can be updated, as no values are present!");
  }
  if (wish->telemetry) {
    const Agreement done = AgreeUnseen(target, request.caller, *wish->telemetry);
    if (!done.why_not.empty()) {
      return OptimizeRefusal(409, "conflictError", "telemetry is off: " + done.why_not);
    }
    if (!done.problems.empty()) return RefusedBy(done.problems);
  }
  if (wish->sharing && target.HasNoState()) {
    return OptimizeRefusal(409, "conflictError", "telemetry is off, and nothing is kept");
  }
  if (wish->sharing) {
    const auto error = WriteOptimizeFile(
        target.core().place.folder, {*wish->sharing, request.caller.user, SystemClock().Wall()});
    if (error) return RefusedBy(Result<bool>(*error).problems());
  }
  return {204, "", {}, {}};
}

HttpAnswer DownloadConsoleReport(AdminTarget& target, const AdminRequest& request) {
  std::vector<std::string> hidden;
  Result<Candidate> made = LookNow(target, request.caller, &hidden);
  if (!made.ok()) return RefusedBy(made.problems());
  // Another report than the one that would be sent is no download of it.
  if (!hidden.empty()) return ForSuperusers();
  Candidate candidate = std::move(made).value();
  return Attachment(std::move(candidate.bytes), ReportName(candidate.digest));
}

}  // namespace candor
