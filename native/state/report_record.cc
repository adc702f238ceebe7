#include <algorithm>
#include <limits>
#include <utility>

#include "core/json_reader.h"
#include "core/text.h"
#include "native/state/state_members.h"

namespace candor {
namespace {

constexpr std::string_view kKinds[] = {"scheduled", "close", "manual", "shown", "initial"};

// What came from elsewhere, such as the service's answer, need not be text at all.
std::string AsText(const std::string& bytes) {
  const bool is_text =
      FindInvalidUtf8(bytes) == std::string_view::npos && bytes.find('\0') == std::string::npos;
  return is_text ? bytes : Quotable(bytes, bytes.size());
}

}  // namespace

std::string_view Name(ReportKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::string WriteReportRecord(const SealedReport& report) {
  StringSink sink;
  JsonWriter writer(sink);
  const auto text = [&](std::string_view key, std::string_view value) {
    writer.Key(key);
    writer.String(value);
  };
  const auto integer = [&](std::string_view key, std::int64_t value) {
    writer.Key(key);
    writer.Integer(value);
  };
  writer.BeginObject();
  text("id", report.id);
  text("kind", Name(report.kind));
  text("digest", report.digest);
  integer("size", report.size);
  text("catalogue", report.catalogue);
  text("scopeDigest", report.scope_digest);
  writer.Key("withheld");
  writer.BeginArray();
  for (const std::string& id : report.withheld) writer.String(id);
  writer.EndArray();
  integer("sealedAtMs", report.sealed_at);
  integer("fromMs", report.from);
  integer("toMs", report.to);
  integer("consentSeq", report.consent_seq);
  writer.Key("countedFrom");
  WriteTotals(report.counted_from, writer);
  text("fate", Name(report.fate));
  integer("attempts", report.attempts);
  writer.Key("uncertain");
  writer.Boolean(report.uncertain);
  integer("status", report.status);
  text("receipt", AsText(report.receipt));
  text("lastError", AsText(report.last_error));
  integer("changedAtMs", report.changed_at);
  writer.EndObject();
  writer.Finish();
  return std::move(sink).text();
}

Result<SealedReport> ParseReportRecord(std::string_view json) {
  const Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return document.problems();
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  SealedReport report;
  report.id = ReadAnyText(members, "id");
  const int kind = members.Choice("kind", kKinds, Need::kRequired);
  report.kind = static_cast<ReportKind>(std::max(kind, 0));
  report.digest = ReadAnyText(members, "digest");
  report.size = ReadInteger(members, "size");
  report.catalogue = ReadAnyText(members, "catalogue");
  report.scope_digest = ReadAnyText(members, "scopeDigest");
  report.withheld =
      members.Texts("withheld", kMaxWithheldIds, kMaxConsentTextBytes, Need::kRequired);
  report.sealed_at = ReadInteger(members, "sealedAtMs");
  report.from = ReadInteger(members, "fromMs");
  report.to = ReadInteger(members, "toMs");
  report.consent_seq = ReadInteger(members, "consentSeq");
  report.counted_from = ReadTotals(members, "countedFrom", problems);
  report.fate = ReadFate(members, "fate");
  report.attempts = ReadInteger(members, "attempts");
  report.uncertain = members.Boolean("uncertain", Need::kRequired);
  const std::int64_t status = ReadInteger(members, "status");
  if (status < 0 || status > std::numeric_limits<int>::max()) {
    members.Fail(ErrorCode::kOutOfRange, "status", "must be an HTTP status, or 0 for none");
  }
  report.status = static_cast<int>(status);
  report.receipt = ReadAnyText(members, "receipt");
  report.last_error = ReadAnyText(members, "lastError");
  report.changed_at = ReadInteger(members, "changedAtMs");
  members.Finish();
  if (!problems.empty()) return problems;
  return report;
}

}  // namespace candor
