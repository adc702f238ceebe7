// Whatever the bytes, they are a catalogue or problems; and of a catalogue all that is made from it
// holds together: its scope, its narrowing, its schema and its documentation.
#include "core/catalogue.h"
#include "core/catalogue_diff.h"
#include "core/catalogue_docs.h"
#include "core/catalogue_schema.h"
#include "core/json_reader.h"
#include "core/scope.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

void CheckScope(const Catalogue& catalogue) {
  const std::vector<ScopeEntry> scope = ScopeOf(catalogue);
  Require(ScopeOf(RestrictTo(catalogue, scope)) == scope, "its own scope covers all of it");
  Require(ScopeOf(RestrictTo(catalogue, {})).empty(), "an empty scope covers nothing");
  for (const ScopeEntry& entry : scope) {
    const Result<Catalogue> without = Withhold(catalogue, {entry.id});
    if (!without.ok()) continue;
    for (const ScopeEntry& left : ScopeOf(without.value())) {
      Require(left.id != entry.id, "what is withheld is gone");
    }
  }
}

void CheckCatalogue(const Catalogue& catalogue) {
  CheckScope(catalogue);
  Require(ReadJson(CatalogueSchema(catalogue)).ok(), "the schema is JSON");
  Require(!CatalogueDocs(catalogue).empty(), "there is documentation");
  Require(DiffCatalogues(catalogue, catalogue).empty(), "nothing differs from itself");
  for (const Profile& profile : catalogue.profiles) {
    Require(SelectProfile(catalogue, profile.name).ok(), "every profile can be selected");
  }
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = candor::AsText(data, size);
  const auto catalogue = candor::ParseCatalogue(text);
  if (catalogue.ok()) {
    candor::CheckCatalogue(catalogue.value());
  } else {
    candor::Require(!catalogue.problems().empty(), "a refusal names a problem");
  }
  return 0;
}
