// digest, check-json, check-exposition, license: operations on one file.
#include "core/exposition.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/license_key.h"
#include "core/operation_inputs.h"
#include "core/problems.h"
#include "core/sha256.h"
#include "core/text.h"

namespace candor {
namespace {

Outcome NoFile() { return Misused("a file is needed"); }

std::string Count(std::size_t count) { return Decimal(static_cast<std::int64_t>(count)); }

void WriteLicense(const LicenseKey& key, Sink& out) {
  JsonWriter writer(out);
  writer.BeginObject();
  writer.Key("customer");
  writer.String(key.customer);
  writer.Key("type");
  writer.String(key.type);
  if (key.valid_until.has_value()) {
    writer.Key("valid-until");
    writer.String(*key.valid_until);
  }
  writer.Key("unlimited");
  writer.Boolean(key.unlimited);
  writer.Key("features");
  writer.BeginObject();
  for (const auto& [name, value] : key.features) {
    writer.Key(name);
    writer.String(value);
  }
  writer.EndObject();
  writer.Key("raw");
  writer.String(key.raw);
  writer.EndObject();
  writer.Finish();
}

}  // namespace

Outcome DigestOperation(const OperationInputs& inputs, Sink& out) {
  const auto file = inputs.First("file");
  if (!file.has_value()) return NoFile();
  const std::string digest = Sha256Hex(file->bytes);
  if (inputs.Option("json")) {
    out.Write("{\n  \"sha256\": \"" + digest + "\",\n  \"bytes\": " + Count(file->bytes.size()) +
              "\n}\n");
  } else {
    out.Write(digest + "  " + file->name + "\n");
  }
  return Good();
}

Outcome CheckJsonOperation(const OperationInputs& inputs, Sink& out) {
  const auto file = inputs.First("file");
  if (!file.has_value()) return NoFile();
  Result<JsonValue> strict = ReadJson(file->bytes);
  Problems problems;
  if (!strict.ok()) problems = std::move(strict).problems();
  problems.SetSource(file->name);
  // RFC 8259 section 4 only says that names SHOULD be unique.
  const bool is_json =
      problems.empty() || (!inputs.Option("strict") &&
                           ReadJson(file->bytes, {.duplicate_keys = DuplicateKeys::kAccept}).ok());
  if (!is_json) return Refused(inputs, problems);
  const std::string bytes = Count(file->bytes.size());
  out.Write(inputs.Option("json") ? "{\n  \"valid\": true,\n  \"bytes\": " + bytes + "\n}\n"
                                  : file->name + ": JSON of " + bytes + " bytes\n");
  Outcome outcome = Good();
  if (!problems.empty()) outcome.errors = Refused(inputs, problems).errors;
  return outcome;
}

Outcome CheckExpositionOperation(const OperationInputs& inputs, Sink& out) {
  const auto file = inputs.First("file");
  if (!file.has_value()) return NoFile();
  const bool open_metrics = inputs.Option("openmetrics");
  ExpositionChecker checker(open_metrics ? ExpositionFormat::kOpenMetrics
                                         : ExpositionFormat::kPrometheusText);
  checker.Feed(file->bytes);
  Problems problems = checker.Finish();
  problems.SetSource(file->name);
  if (!problems.empty()) return Refused(inputs, problems);
  const std::string families = Count(checker.families());
  const std::string samples = Count(checker.samples());
  if (inputs.Option("json")) {
    out.Write("{\n  \"valid\": true,\n  \"families\": " + families +
              ",\n  \"samples\": " + samples + "\n}\n");
  } else {
    out.Write(file->name + ": " + (open_metrics ? "OpenMetrics 1.0" : "Prometheus text 0.0.4") +
              ", " + families + " families, " + samples + " samples\n");
  }
  return Good();
}

Outcome LicenseOperation(const OperationInputs& inputs, Sink& out) {
  const auto file = inputs.First("file");
  if (!file.has_value()) return NoFile();
  Result<LicenseKey> key = ParseLicenseKey(file->bytes);
  if (!key.ok()) {
    Problems problems = std::move(key).problems();
    problems.SetSource(file->name);
    return Refused(inputs, problems);
  }
  WriteLicense(key.value(), out);
  return Good();
}

}  // namespace candor
