// Inputs by name:
//   config:FILE      one configuration document (JSON); repeatable, later ones win
//   environment      a JSON object of environment variables (IsConfigVariable)
//   facts:FILE       the facts document
//   bundle:FILE      all inputs of one report in one document (core/bundle.h)
//   scrape:C=FILE    an exposition of component C, or of RELEASE/C; repeatable
//   catalogue:FILE   a catalogue document; or catalogue-name, a built-in one's name
//   older:FILE, newer:FILE (or older-name, newer-name)   the two sides of a diff
//   profile          the catalogue's profile
//   consent:FILE     a consent record: what it does not cover is left out of the report
//   withhold         a scope id to hold back; repeatable
//   state:FILE, now  what the reporter remembers, and the time in Unix milliseconds
//   file:FILE        the bytes that digest, check-json, check-exposition and license look at
//   option:json, option:strict, option:openmetrics       flags, without bytes
#include "core/operation.h"

#include <array>

#include "core/operation_inputs.h"
#include "core/text.h"

namespace candor {
namespace {

struct Entry {
  std::string_view name;
  Outcome (*run)(const OperationInputs& inputs, Sink& out);
};

constexpr std::array kOperations = {
    Entry{"validate", ValidateOperation},
    Entry{"config", ConfigOperation},
    Entry{"report", ReportOperation},
    Entry{"bundle", BundleOperation},
    Entry{"explain", ExplainOperation},
    Entry{"digest", DigestOperation},
    Entry{"check-json", CheckJsonOperation},
    Entry{"check-exposition", CheckExpositionOperation},
    Entry{"license", LicenseOperation},
    Entry{"catalogue-list", CatalogueListOperation},
    Entry{"catalogue-show", CatalogueShowOperation},
    Entry{"catalogue-docs", CatalogueDocsOperation},
    Entry{"catalogue-schema", CatalogueSchemaOperation},
    Entry{"catalogue-digest", CatalogueDigestOperation},
    Entry{"catalogue-check", CatalogueCheckOperation},
    Entry{"catalogue-diff", CatalogueDiffOperation},
};

}  // namespace

Outcome Perform(std::string_view operation, std::span<const Input> inputs, Sink& out,
                std::span<const ConfigSource> sources) {
  for (const Entry& entry : kOperations) {
    if (entry.name == operation) return entry.run(OperationInputs(inputs, sources), out);
  }
  return Misused("there is no operation \"" + Quotable(operation) + "\"");
}

}  // namespace candor
