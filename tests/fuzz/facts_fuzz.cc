// Whatever the facts, each built-in catalogue gives a report or problems, never both and never
// neither; a report reads back to its own bytes; the same facts give the same report.
#include <vector>

#include "core/facts.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/report.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

constexpr std::string_view kConfig = R"({"camunda": {"console": {
  "customerId": "c", "installationId": "i", "telemetry": "download", "managed": {"method": "plain",
  "releases": [{"name": "r", "namespace": "n", "components": [
    {"name": "Operate", "id": "operate"}, {"name": "Optimize", "id": "optimize"},
    {"name": "Zeebe", "id": "zeebe"}, {"name": "Console", "id": "console"}]}]}}}})";

Config ConsoleConfig() {
  const ConfigSource source{"config.json", ReadJson(kConfig).value()};
  return ReadConfig({&source, 1}).value();
}

// Parsed once: they are not what is fuzzed here.
std::vector<Catalogue> AllCatalogues() {
  std::vector<Catalogue> catalogues;
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    catalogues.push_back(ParseCatalogue(built_in.json).value());
  }
  return catalogues;
}

std::string Report(const Catalogue& catalogue, const Facts& facts) {
  static const Config config = ConsoleConfig();
  StringSink sink;
  const Problems problems = BuildReport({config, catalogue, facts}, sink);
  Require(problems.empty() != sink.text().empty(), "there is a report, or there are problems");
  return sink.text();
}

void CheckReport(const std::string& report) {
  const Result<JsonValue> document = ReadJson(report);
  Require(document.ok(), "a report is JSON");
  Require(WriteJson(document.value()) == report, "a report reads back to its own bytes");
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<candor::Catalogue> catalogues = candor::AllCatalogues();
  const auto facts = candor::ParseFacts(candor::AsText(data, size));
  if (!facts.ok()) return 0;
  for (const candor::Catalogue& catalogue : catalogues) {
    const std::string report = candor::Report(catalogue, facts.value());
    if (!report.empty()) candor::CheckReport(report);
    candor::Require(candor::Report(catalogue, facts.value()) == report,
                    "the same facts give the same report");
  }
  return 0;
}
