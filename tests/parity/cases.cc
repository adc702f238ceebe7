#include "tests/parity/cases.h"

#include <string_view>

#include "core/catalogue.h"
#include "core/json_writer.h"
#include "tests/parity/samples.h"
#include "tests/parity/spoil.h"

namespace candor::parity {
namespace {

class Maker {
 public:
  Maker(std::uint64_t seed, std::uint64_t index, const std::vector<std::string>& naughty)
      : random_(seed, index),
        naughty_(naughty),
        samples_(random_, naughty),
        built_in_(random_.Pick(BuiltInCatalogues())),
        catalogue_(ParseCatalogue(built_in_.json)),
        spoils_(random_.Chance(45) ? 0 : 1 + random_.Below(3)) {}

  Case Make() {
    const std::size_t kind = random_.Below(100);
    if (kind < 45) {
      Report();
    } else if (kind < 55) {
      Configuration(random_.Chance(50) ? "validate" : "config");
    } else if (kind < 65) {
      made_.operation = "check-exposition";
      Add("file:scrape.txt", samples_.Exposition(catalogue_.value()));
      if (random_.Chance(50)) Flag("option:openmetrics");
    } else if (kind < 71) {
      made_.operation = "license";
      Add("file:license.txt", samples_.License());
    } else if (kind < 80) {
      Explain();
    } else if (kind < 92) {
      Catalogues();
    } else {
      File();
    }
    Spoil();
    if (random_.Chance(40)) Flag("option:json");
    return std::move(made_);
  }

 private:
  using Document = std::pair<std::string, JsonValue>;

  void Report() {
    made_.operation = "report";
    Configurations();
    AddDocument("facts:facts.json", samples_.Facts(catalogue_.value()));
    while (random_.Chance(35)) {
      Add("scrape:" + random_.Pick(ComponentIds()) + "=scrape.txt",
          samples_.Exposition(catalogue_.value()));
    }
    CatalogueChoice();
    while (random_.Chance(20)) Add("withhold", ScopeId());
  }

  void Configuration(std::string_view operation) {
    made_.operation = operation;
    Configurations();
  }

  void Configurations() {
    AddDocument("config:application.json", samples_.Config());
    if (random_.Chance(15)) AddDocument("config:more.json", samples_.Config());
    if (random_.Chance(40)) AddDocument("environment", samples_.Environment());
  }

  void Explain() {
    made_.operation = "explain";
    Configurations();
    AddDocument("state:state.json", samples_.State(catalogue_.value()));
    Add("now", random_.Chance(90) ? "1712330000000" : samples_.Text());
    if (random_.Chance(60)) CatalogueChoice();
  }

  void Catalogues() {
    constexpr std::string_view kVerbs[] = {"list",   "show",  "docs", "schema",
                                           "digest", "check", "diff"};
    const std::string_view verb = random_.Pick(kVerbs);
    made_.operation = "catalogue-" + std::string(verb);
    if (verb == "list") return;
    if (verb == "diff") {
      AddDocument("older:older.json", samples_.CatalogueDocument(built_in_.json));
      AddDocument("newer:newer.json", samples_.CatalogueDocument(built_in_.json));
    } else if (verb == "check" || random_.Chance(60)) {
      AddDocument("catalogue:own.json", samples_.CatalogueDocument(built_in_.json));
    } else {
      CatalogueChoice();
    }
  }

  void File() {
    made_.operation = random_.Chance(20) ? "digest" : "check-json";
    JsonValue document = samples_.Facts(catalogue_.value());
    AddDocument("file:any.json", std::move(document));
    if (random_.Chance(50)) Flag("option:strict");
  }

  void CatalogueChoice() {
    if (random_.Chance(75)) {
      Add("catalogue-name", std::string(built_in_.name));
      if (random_.Chance(30) && !catalogue_.value().profiles.empty()) {
        Add("profile", random_.Pick(catalogue_.value().profiles).name);
      }
    } else {
      AddDocument("catalogue:own.json", samples_.CatalogueDocument(built_in_.json));
    }
  }

  std::string ScopeId() {
    const Field& field = random_.Pick(catalogue_.value().fields);
    if (field.points.empty()) return random_.Chance(90) ? field.pointer : samples_.Text();
    const PointRule& rule = random_.Pick(field.points);
    std::string id = field.pointer + "#" + rule.key;
    if (!rule.components.empty() && random_.Chance(40)) id += "@" + random_.Pick(rule.components);
    if (!rule.labels.empty() && random_.Chance(40)) id += ":" + random_.Pick(rule.labels);
    return id;
  }

  void Flag(std::string_view name) { Add(std::string(name), ""); }
  void Add(std::string name, std::string bytes) {
    made_.inputs.emplace_back(std::move(name), std::move(bytes));
  }
  // Spoiled in its tree before it is written; in its bytes, later.
  void AddDocument(std::string name, JsonValue document) {
    while (spoils_ > 0 && random_.Chance(40)) {
      SpoilDocument(random_, naughty_, document);
      --spoils_;
    }
    Add(std::move(name), WriteJson(document));
  }

  void Spoil() {
    for (; spoils_ > 0 && !made_.inputs.empty(); --spoils_) {
      SpoilText(random_, made_.inputs[random_.Below(made_.inputs.size())].second);
    }
    if (random_.Chance(1) && !made_.inputs.empty()) {
      made_.inputs[random_.Below(made_.inputs.size())].first = "no-such-input";
    }
  }

  Random random_;
  const std::vector<std::string>& naughty_;
  Samples samples_;
  const BuiltInCatalogue& built_in_;
  Result<Catalogue> catalogue_;
  std::size_t spoils_;
  Case made_;
};

}  // namespace

Case RandomCase(std::uint64_t seed, std::uint64_t index, const std::vector<std::string>& naughty) {
  return Maker(seed, index, naughty).Make();
}

std::vector<Case> TextCases(const std::string& text, const std::vector<std::string>& naughty) {
  std::vector<Case> cases;
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    const Result<Catalogue> catalogue = ParseCatalogue(built_in.json);
    Random random(cases.size(), text.size());
    Samples samples(random, naughty);
    Case made{"report", {}};
    const JsonValue console = JsonValue::Object(
        {{"customerId", JsonValue::String(text), {}},
         {"installationId", JsonValue::String(text), {}},
         {"managed",
          JsonValue::Object({{"releases",
                              JsonValue::Array({JsonValue::Object(
                                  {{"name", JsonValue::String(text), {}},
                                   {"namespace", JsonValue::String(text), {}},
                                   {"components",
                                    JsonValue::Array({JsonValue::Object(
                                        {{"id", JsonValue::String("operate"), {}},
                                         {"name", JsonValue::String(text), {}}})}),
                                    {}}})}),
                              {}}}),
          {}}});
    const JsonValue config =
        JsonValue::Object({{"camunda", JsonValue::Object({{"console", console, {}}}), {}}});
    made.inputs.emplace_back("config:application.json", WriteJson(config));
    made.inputs.emplace_back("facts:facts.json",
                             WriteJson(samples.Facts(catalogue.value(), &text)));
    made.inputs.emplace_back("scrape:operate=scrape.txt",
                             samples.Exposition(catalogue.value(), &text));
    made.inputs.emplace_back("catalogue-name", std::string(built_in.name));
    cases.push_back(std::move(made));
  }
  return cases;
}

}  // namespace candor::parity
