#include "native/admin/handlers/status_handler.h"

#include "core/json_writer.h"
#include "native/admin/handlers/license_rule.h"
#include "native/admin/handlers/refusals.h"
#include "native/reporter/status_text.h"

namespace candor {
namespace {

void TextOrNull(JsonWriter& writer, std::string_view key, const std::string& text) {
  writer.Key(key);
  if (text.empty()) {
    writer.Null();
  } else {
    writer.String(text);
  }
}

}  // namespace

Result<ReporterStatus> StatusOf(AdminTarget& target) {
  if (target.HasNoState()) return target.StatusWithoutState();
  return target.WithReporter(nullptr, [](Reporter& reporter) { return reporter.Status(); });
}

HttpAnswer ReadStatus(AdminTarget& target, const AdminRequest& request) {
  Result<ReporterStatus> looked = StatusOf(target);
  if (!looked.ok()) return RefusedBy(looked.problems());
  ReporterStatus status = std::move(looked).value();
  const LicenseTexts secrets(request.caller, target.core());
  if (status.pending) secrets.TakeOut(*status.pending);
  if (status.last) secrets.TakeOut(*status.last);
  const Config& config = target.setup().config;
  return JsonAnswer(JsonObject([&](JsonWriter& writer) {
    WriteStatus(status, config, writer);
    TextOrNull(writer, "customerId", config.customer_id.value);
    TextOrNull(writer, "installationId", config.installation_id.value);
    TextOrNull(writer, "catalogue", target.setup().catalogue.name);
    writer.Key("consentSeq");
    writer.Integer(status.state.consent_seq);
  }));
}

HttpAnswer ReadConfiguration(AdminTarget& target) {
  return JsonAnswer(ConfigJson(target.setup().config));
}

HttpAnswer ReadCatalogue(AdminTarget& target) {
  const Setup& setup = target.setup();
  return JsonAnswer(JsonObject([&](JsonWriter& writer) {
    writer.Key("profile");
    writer.String(setup.catalogue.profile);
    writer.Key("withheldByConfiguration");
    writer.BeginArray();
    for (const std::string& id : setup.config.withhold.value) writer.String(id);
    writer.EndArray();
    writer.Key("catalogue");
    writer.Value(setup.catalogue_document);
  }));
}

}  // namespace candor
