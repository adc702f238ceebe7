// The configuration and the catalogue of an operation.
#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/operation_inputs.h"
#include "core/text.h"

namespace candor {
namespace {

Error NoCatalogue(std::string_view name) {
  std::string message = "there is no catalogue \"" + Quotable(name) + "\" (built in: ";
  std::vector<std::string_view> names;
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    message.append(names.empty() ? "" : ", ").append(built_in.name);
    names.push_back(built_in.name);
  }
  message += "; a file of your own is named by its path)";
  return {ErrorCode::kNotFound, "", WithNearest(std::move(message), name, names)};
}

}  // namespace

Result<Config> ConfigOf(const OperationInputs& inputs) {
  std::vector<ConfigSource> sources(inputs.sources().begin(), inputs.sources().end());
  Problems problems;
  for (const NamedBytes& file : inputs.All("config")) {
    Result<JsonValue> document = ReadJson(file.bytes);
    Collect(document, file.name, problems);
    if (document.ok()) sources.push_back({file.name, std::move(document).value()});
  }
  if (const auto variables = inputs.Text("environment")) {
    Result<JsonValue> document = ReadJson(*variables);
    Collect(document, "environment", problems);
    if (document.ok()) {
      sources.push_back(
          {"environment", std::move(document).value(), ConfigSource::Kind::kEnvironment});
    }
  }
  if (!problems.empty()) return problems;
  return ReadConfig(sources);
}

Result<ChosenCatalogue> CatalogueOf(const OperationInputs& inputs, std::string_view kind,
                                    std::string_view fallback, std::string_view profile) {
  ChosenCatalogue chosen;
  std::string source;
  if (const auto file = inputs.First(kind)) {
    source = file->name;
    chosen.json = file->bytes;
  } else {
    const std::string_view name = inputs.Text(std::string(kind) + "-name").value_or(fallback);
    const BuiltInCatalogue* built_in = FindBuiltInCatalogue(name);
    if (built_in == nullptr) {
      return NoCatalogue(name);
    }
    chosen.json = built_in->json;
  }
  const auto refuse = [&source](Problems problems) {
    problems.SetSource(source);
    return problems;
  };
  Result<Catalogue> parsed = ParseCatalogue(chosen.json);
  if (!parsed.ok()) return refuse(std::move(parsed).problems());
  const std::string_view selected = inputs.Text("profile").value_or(profile);
  if (!selected.empty()) {
    Result<Catalogue> one = SelectProfile(parsed.value(), selected);
    if (!one.ok()) return refuse(std::move(one).problems());
    chosen.catalogue = std::move(one).value();
  } else {
    chosen.catalogue = std::move(parsed).value();
  }
  return chosen;
}

}  // namespace candor
