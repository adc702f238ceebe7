#include "native/reporter/status_text.h"

#include "core/json_writer.h"
#include "core/sink.h"
#include "core/text.h"
#include "core/time_text.h"

namespace candor {
namespace {

std::string Row(std::string_view name, const std::string& value) {
  std::string row(name);
  row.append(name.size() < 14 ? 14 - name.size() : 1, ' ');
  return row + value + "\n";
}

std::string TimeOr(const std::optional<UnixMillis>& time, const char* otherwise) {
  return time ? TimeText(*time) : otherwise;
}

std::string ConsentText(const State& state) {
  if (!state.consent) return "nobody has decided";
  const ConsentRecord& record = *state.consent;
  std::string text = record.verdict == Verdict::kGranted ? "granted by " : "denied by ";
  text += Quotable(record.who, 100) + " through " + Quotable(record.through, 40) + " at " +
          TimeText(record.when_ms);
  for (const std::string& id : record.withheld) text += "\n              without " + id;
  return text;
}

std::string FateText(const SealedReport& report) {
  std::string text =
      report.id + ", " + std::string(Name(report.fate)) + " at " + TimeText(report.changed_at);
  if (report.status != 0) text += ", status " + Decimal(report.status);
  if (report.fate == Fate::kAttempted) text += "; it may have arrived, and is sent again as it is";
  if (!report.last_error.empty()) text += "\n              " + Quotable(report.last_error, 300);
  return text + "\n              SHA-256 " + report.digest;
}

std::string OrNone(const std::string& value, const char* none) {
  return value.empty() ? none : value;
}

void TimeMember(JsonWriter& writer, std::string_view key, const std::optional<UnixMillis>& time) {
  writer.Key(key);
  if (time) {
    writer.Integer(*time);
  } else {
    writer.Null();
  }
}

void TextMember(JsonWriter& writer, std::string_view key, std::string_view text) {
  writer.Key(key);
  if (text.empty()) {
    writer.Null();
  } else {
    writer.String(text);
  }
}

void ReportMember(JsonWriter& writer, std::string_view key,
                  const std::optional<SealedReport>& report) {
  writer.Key(key);
  if (report) {
    WriteReport(*report, writer);
  } else {
    writer.Null();
  }
}

void WriteReasons(const Decision& decision, JsonWriter& writer) {
  writer.Key("reasons");
  writer.BeginArray();
  for (const Reason& reason : decision.reasons) {
    writer.BeginObject();
    TextMember(writer, "rule", reason.rule);
    TextMember(writer, "text", reason.text);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteDestination(const Config& config, JsonWriter& writer) {
  TextMember(writer, "endpoint", config.endpoint.value);
  TextMember(writer, "proxy", config.proxy.value);
  TextMember(writer, "caFile", config.ca_file.value);
  TextMember(writer, "clientCertificateFile", config.client_certificate_file.value);
}

}  // namespace

void WriteReport(const SealedReport& report, JsonWriter& writer) {
  writer.BeginObject();
  TextMember(writer, "id", report.id);
  TextMember(writer, "kind", Name(report.kind));
  TextMember(writer, "fate", Name(report.fate));
  TextMember(writer, "digest", report.digest);
  writer.Key("bytes");
  writer.Integer(report.size);
  TimeMember(writer, "sealedMs", report.sealed_at);
  TimeMember(writer, "fromMs", report.from);
  TimeMember(writer, "toMs", report.to);
  TimeMember(writer, "changedMs", report.changed_at);
  writer.Key("attempts");
  writer.Integer(report.attempts);
  writer.Key("mayHaveArrived");
  writer.Boolean(report.uncertain || report.fate == Fate::kAccepted);
  writer.Key("consentSeq");
  writer.Integer(report.consent_seq);
  writer.Key("status");
  if (report.status != 0) {
    writer.Integer(report.status);
  } else {
    writer.Null();
  }
  TextMember(writer, "receipt", report.receipt);
  TextMember(writer, "lastError", report.last_error);
  writer.EndObject();
}

std::string StatusText(const ReporterStatus& status, const Config& config) {
  const State& state = status.state;
  std::string text = Row("mode", std::string(Name(config.mode.value)));
  text += Row("installation", OrNone(state.installation, "not created yet"));
  text += Row("decision", std::string(Name(status.decision.action)));
  for (const Reason& reason : status.decision.reasons) {
    text += Row("", reason.rule + ": " + reason.text);
  }
  text += Row("next", TimeOr(status.decision.next, "after a change"));
  text += Row("consent", ConsentText(state));
  if (!status.new_fields.empty()) {
    text += Row("new fields", Decimal(static_cast<std::int64_t>(status.new_fields.size())) +
                                  " that the consent does not cover; they are left out");
  }
  text += Row("waiting", status.pending ? FateText(*status.pending) : "no report");
  text += Row("last", status.last ? FateText(*status.last) : "no report yet");
  text += Row("arrived", TimeOr(state.last_accepted_at, "never"));
  text += Row("endpoint", OrNone(config.endpoint.value, "none: nothing can be sent"));
  text += Row("proxy", OrNone(config.proxy.value, "none"));
  text += Row("authorities", OrNone(config.ca_file.value, "the system's"));
  return text;
}

void WriteStatus(const ReporterStatus& status, const Config& config, JsonWriter& writer) {
  const State& state = status.state;
  TextMember(writer, "mode", Name(config.mode.value));
  TextMember(writer, "installation", state.installation);
  TextMember(writer, "action", Name(status.decision.action));
  writer.Key("asks");
  writer.Boolean(status.decision.asks);
  TimeMember(writer, "nextMs", status.decision.next);
  WriteReasons(status.decision, writer);
  writer.Key("consent");
  if (state.consent) {
    WriteConsent(*state.consent, writer);
  } else {
    writer.Null();
  }
  writer.Key("newFields");
  writer.BeginArray();
  for (const std::string& id : status.new_fields) writer.String(id);
  writer.EndArray();
  ReportMember(writer, "pending", status.pending);
  ReportMember(writer, "last", status.last);
  TimeMember(writer, "lastAcceptedMs", state.last_accepted_at);
  writer.Key("failures");
  writer.Integer(state.failed_rounds);
  TextMember(writer, "initialReport", state.initial ? Name(*state.initial) : "");
  WriteDestination(config, writer);
}

std::string StatusJson(const ReporterStatus& status, const Config& config) {
  return JsonObject([&](JsonWriter& writer) { WriteStatus(status, config, writer); });
}

}  // namespace candor
