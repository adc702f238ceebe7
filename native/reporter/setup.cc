#include "native/reporter/setup.h"

#include <iterator>
#include <utility>

#include "core/text.h"
#include "native/base/read_file.h"
#include "native/import/source.h"
#include "native/reporter/candidate.h"

namespace candor {
namespace {

Result<std::vector<ConfigSource>> Sources(const SetupOptions& options) {
  Problems problems;
  std::vector<ConfigSource> sources;
  const auto add = [&](Result<std::vector<ConfigSource>> more) {
    if (!more.ok()) return problems.AddAll(std::move(more).problems());
    std::vector<ConfigSource> list = std::move(more).value();
    std::move(list.begin(), list.end(), std::back_inserter(sources));
  };
  if (!options.config_files.empty()) add(LoadConfigSources(options.config_files, {}));
  if (!options.config.empty()) add(ParseConfigText("configuration.json", options.config));
  Result<ConfigSource> environment = EnvironmentSource(options.environment, sources);
  if (environment.ok()) {
    sources.push_back(std::move(environment).value());
  } else {
    problems.AddAll(std::move(environment).problems());
  }
  if (!problems.empty()) return problems;
  return sources;
}

Result<JsonValue> ReadCatalogueDocument(const SetupOptions& options, const Config& config) {
  const std::string& name =
      options.catalogue_name.empty() ? config.catalogue.value : options.catalogue_name;
  if (!options.catalogue_file.empty()) {
    const Result<std::string> file = ReadFile(options.catalogue_file, kMaxCatalogueBytes);
    if (!file.ok()) return file.problems();
    return ReadCatalogueJson(file.value());
  }
  if (const BuiltInCatalogue* built_in = FindBuiltInCatalogue(name)) {
    return ReadCatalogueJson(built_in->json);
  }
  return Error{ErrorCode::kNotFound, "/catalogue",
               "there is no built-in catalogue \"" + Quotable(name) +
                   "\"; a file of your own is given by its path"};
}

Result<Catalogue> CatalogueIn(const JsonValue& document, const std::string& profile) {
  Result<Catalogue> catalogue = ParseCatalogue(document);
  if (!catalogue.ok() || profile.empty()) return catalogue;
  return SelectProfile(catalogue.value(), profile);
}

std::string Variable(const EnvironmentVariables& environment, std::string_view name) {
  for (const auto& [key, value] : environment) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

Result<Setup> LoadSetup(const SetupOptions& options) {
  Result<std::vector<ConfigSource>> sources = Sources(options);
  if (!sources.ok()) return std::move(sources).problems();
  Result<Config> config = ReadConfig(sources.value());
  if (!config.ok()) return std::move(config).problems();
  Result<JsonValue> document = ReadCatalogueDocument(options, config.value());
  if (!document.ok()) return std::move(document).problems();
  const std::string& profile =
      options.profile.empty() ? config.value().profile.value : options.profile;
  Result<Catalogue> catalogue = CatalogueIn(document.value(), profile);
  if (!catalogue.ok()) return std::move(catalogue).problems();
  Result<Catalogue> offered = OfferedCatalogue(config.value(), catalogue.value());
  if (!offered.ok()) return std::move(offered).problems();
  return Setup{std::move(config).value(), std::move(document).value(), std::move(catalogue).value(),
               std::move(offered).value()};
}

std::string StateFolder(const std::string& wanted, const EnvironmentVariables& environment) {
  if (!wanted.empty()) return wanted;
  if (std::string folder = Variable(environment, "CANDOR_STATE_FOLDER"); !folder.empty()) {
    return folder;
  }
  if (const std::string folder = Variable(environment, "STATE_DIRECTORY"); !folder.empty()) {
    return folder.substr(0, folder.find(':'));
  }
  if (const std::string folder = Variable(environment, "XDG_STATE_HOME"); !folder.empty()) {
    return folder + "/candor";
  }
  const std::string home = Variable(environment, "HOME");
  return home.empty() ? "" : home + "/.local/state/candor";
}

std::string StateDatabase(const std::string& wanted, const EnvironmentVariables& environment) {
  return wanted.empty() ? Variable(environment, "CANDOR_STATE_DATABASE") : wanted;
}

std::string CountersPath(const std::string& state_folder) { return state_folder + "/counters"; }

}  // namespace candor
