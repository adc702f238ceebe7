#include "native/cli/consent_text.h"

#include "core/consent.h"
#include "core/scope.h"
#include "core/text.h"
#include "core/time_text.h"
#include "native/cli/answer.h"
#include "native/reporter/status_text.h"

namespace candor {
namespace {

std::string Row(std::string_view name, const std::string& value) {
  std::string row(name);
  row.resize(11, ' ');
  return row + value + "\n";
}

std::string Rows(std::string_view name, const std::vector<std::string>& values) {
  std::string rows;
  for (const std::string& value : values) rows += Row(rows.empty() ? name : "", value);
  return rows;
}

std::string Number(std::size_t number) { return Decimal(static_cast<std::int64_t>(number)); }

bool IsGrant(const std::optional<ConsentRecord>& consent) {
  return consent && consent->verdict == Verdict::kGranted;
}

std::string WhoText(const ConsentRecord& record) {
  return std::string(record.verdict == Verdict::kGranted ? "granted" : "denied") + " by " +
         Quotable(record.who, kMaxConsentTextBytes) + " through " +
         Quotable(record.through, kMaxConsentTextBytes) + " at " + TimeText(record.when_ms);
}

std::size_t Covered(const std::optional<ConsentRecord>& consent, const Catalogue& offered) {
  return consent ? ScopeOf(CoveredBy(*consent, offered)).size() : 0;
}

std::vector<std::string> Gone(const std::optional<ConsentRecord>& consent,
                              const Catalogue& offered) {
  return consent ? DriftSince(*consent, offered).gone : std::vector<std::string>();
}

void Member(JsonWriter& writer, std::string_view key, const std::vector<std::string>& texts) {
  writer.Key(key);
  writer.BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

void Member(JsonWriter& writer, std::string_view key, std::size_t number) {
  writer.Key(key);
  writer.Integer(static_cast<std::int64_t>(number));
}

void ConsentMember(JsonWriter& writer, const std::optional<ConsentRecord>& consent) {
  writer.Key("consent");
  if (consent) {
    WriteConsent(*consent, writer);
  } else {
    writer.Null();
  }
}

}  // namespace

std::string ConsentText(const ReporterStatus& status, const Catalogue& offered) {
  const std::optional<ConsentRecord>& consent = status.state.consent;
  if (!consent) {
    return "Nobody has decided.\nLook at the report with `candor preview`; then `candor consent "
           "grant` or `candor consent deny`.\n";
  }
  std::string text = Row("verdict", WhoText(*consent));
  text += Row("catalogue", consent->catalogue) + Row("scope", "SHA-256 " + consent->scope_digest);
  if (!IsGrant(consent)) return text;
  text += Row("shown",
              consent->report_digest.empty() ? "no report" : "SHA-256 " + consent->report_digest);
  text += Row("covers", Number(Covered(consent, offered)) + " of " +
                            Number(ScopeOf(offered).size()) + " entries");
  text += Rows("withheld", consent->withheld);
  text += Rows("came since", status.new_fields);
  return text + Rows("gone since", Gone(consent, offered));
}

std::string ConsentJson(const ReporterStatus& status, const Catalogue& offered) {
  const std::optional<ConsentRecord>& consent = status.state.consent;
  return JsonObject([&](JsonWriter& writer) {
    ConsentMember(writer, consent);
    writer.Key("asks");
    writer.Boolean(status.decision.asks);
    Member(writer, "covered", Covered(consent, offered));
    Member(writer, "offered", ScopeOf(offered).size());
    Member(writer, "newFields", status.new_fields);
    Member(writer, "goneFields", Gone(consent, offered));
  });
}

std::string DecisionText(const ReporterStatus& status) {
  const std::optional<ConsentRecord>& consent = status.state.consent;
  if (!consent) return {};
  std::string text = Row("verdict", WhoText(*consent)) + Rows("withheld", consent->withheld);
  if (!IsGrant(consent)) return text + "Reports and remembered facts were wiped.\n";
  if (status.pending) {
    text += Row("sealed", status.pending->id + ", " + Decimal(status.pending->size) + " bytes") +
            Row("", "SHA-256 " + status.pending->digest);
  }
  if (status.pending && !consent->report_digest.empty() &&
      status.pending->digest != consent->report_digest) {
    text += "This report was waiting already and goes first; what was looked at is not sealed.\n";
  }
  return text + "It is sent when it is due; `candor send` sends now.\n";
}

std::string DecisionJson(const ReporterStatus& status) {
  return JsonObject([&](JsonWriter& writer) {
    ConsentMember(writer, status.state.consent);
    writer.Key("pending");
    if (status.pending) {
      WriteReport(*status.pending, writer);
    } else {
      writer.Null();
    }
  });
}

}  // namespace candor
