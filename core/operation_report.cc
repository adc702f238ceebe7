// validate, config, report: operations on a configuration.
#include "core/bundle.h"
#include "core/consent.h"
#include "core/facts.h"
#include "core/json_reader.h"
#include "core/operation_inputs.h"
#include "core/report.h"
#include "core/scope.h"

namespace candor {
namespace {

// "operate=op.prom" or "release/operate=op.prom".
Scrape ScrapeOf(const NamedBytes& input) {
  Scrape scrape;
  const std::size_t equals = input.name.find('=');
  scrape.component = input.name.substr(0, equals);
  scrape.name = equals == std::string::npos ? input.name : input.name.substr(equals + 1);
  scrape.exposition = input.bytes;
  if (const std::size_t slash = scrape.component.rfind('/'); slash != std::string::npos) {
    scrape.release = scrape.component.substr(0, slash);
    scrape.component = scrape.component.substr(slash + 1);
  }
  return scrape;
}

Result<Catalogue> NarrowedCatalogue(const OperationInputs& inputs, const Config& config) {
  Result<ChosenCatalogue> chosen =
      CatalogueOf(inputs, "catalogue", config.catalogue.value, config.profile.value);
  if (!chosen.ok()) return std::move(chosen).problems();
  std::vector<std::string> withheld = config.withhold.value;
  for (std::string& id : inputs.Texts("withhold")) withheld.push_back(std::move(id));
  return Withhold(chosen.value().catalogue, withheld);
}

// What a consent record of the inputs covers; nothing when there is none.
Result<std::optional<ConsentRecord>> ConsentOf(const OperationInputs& inputs) {
  const auto given = inputs.First("consent");
  if (!given) return std::optional<ConsentRecord>();
  Problems problems;
  const Result<JsonValue> document = ReadJson(given->bytes);
  Collect(document, given->name, problems);
  if (!document.ok()) return problems;
  Result<ConsentRecord> record = ParseConsent(document.value());
  Collect(record, given->name, problems);
  if (!record.ok()) return problems;
  return std::optional<ConsentRecord>(std::move(record).value());
}

}  // namespace

Outcome ValidateOperation(const OperationInputs& inputs, Sink& out) {
  const Result<Config> config = ConfigOf(inputs);
  if (!config.ok()) return Refused(inputs, config.problems());
  const Result<Catalogue> catalogue = NarrowedCatalogue(inputs, config.value());
  if (!catalogue.ok()) return Refused(inputs, catalogue.problems());
  const std::string mode(Name(config.value().mode.value));
  if (inputs.Option("json")) {
    out.Write("{\n  \"valid\": true,\n  \"mode\": \"" + mode + "\",\n  \"catalogue\": \"" +
              catalogue.value().name + "\"\n}\n");
  } else {
    out.Write("good: mode " + mode + ", catalogue " + catalogue.value().name + "\n");
  }
  return Good();
}

Outcome ConfigOperation(const OperationInputs& inputs, Sink& out) {
  const Result<Config> config = ConfigOf(inputs);
  if (!config.ok()) return Refused(inputs, config.problems());
  out.Write(ConfigJson(config.value()));
  return Good();
}

Outcome ReportOperation(const OperationInputs& inputs, Sink& out) {
  const auto document = inputs.First("facts");
  if (!document.has_value()) return Misused("facts are needed");
  Problems problems;
  Result<Config> config = ConfigOf(inputs);
  Collect(config, "", problems);
  Result<Facts> facts = ParseFacts(document->bytes);
  Collect(facts, document->name, problems);
  const Result<std::optional<ConsentRecord>> consent = ConsentOf(inputs);
  Collect(consent, "", problems);
  if (!problems.empty()) return Refused(inputs, problems);

  const Result<Catalogue> catalogue = NarrowedCatalogue(inputs, config.value());
  if (!catalogue.ok()) return Refused(inputs, catalogue.problems());
  Facts complete = std::move(facts).value();
  for (Scrape& scrape : complete.scrapes) scrape.name = document->name + " " + scrape.name;
  for (const NamedBytes& input : inputs.All("scrape")) complete.scrapes.push_back(ScrapeOf(input));

  const Catalogue agreed =
      consent.value() ? AgreedCatalogue(catalogue.value(), consent.value()) : catalogue.value();
  problems = BuildReport({config.value(), agreed, complete}, out);
  problems.SetSource(document->name);
  return problems.empty() ? Good() : Refused(inputs, problems);
}

Outcome BundleOperation(const OperationInputs& inputs, Sink& out) {
  const auto document = inputs.First("bundle");
  if (!document.has_value()) return Misused("a bundle is needed");
  Result<Bundle> bundle = ReadBundle(document->bytes, inputs.Texts("withhold"));
  Problems problems;
  if (bundle.ok()) {
    Bundle parts = std::move(bundle).value();
    for (Scrape& scrape : parts.facts.scrapes) {
      scrape.name = document->name + " /facts" + scrape.name;
    }
    problems = BuildReport({parts.config, parts.catalogue, parts.facts}, out);
  } else {
    problems = bundle.problems();
  }
  problems.SetSource(document->name);
  return problems.empty() ? Good() : Refused(inputs, problems);
}

}  // namespace candor
