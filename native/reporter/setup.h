// What a reporter is set up with: the configuration, the catalogue it names, and the state folder.
#pragma once

#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/json_value.h"
#include "core/result.h"
#include "native/import/environment.h"

namespace candor {

struct SetupOptions {
  std::vector<std::string> config_files;
  std::string config;          // A JSON document that wins over the files; "" for none.
  std::string catalogue_file;  // "" for the built-in catalogue that is named.
  std::string catalogue_name;  // A built-in one, in place of the configured one; "" for that.
  std::string profile;         // In place of the configured one; "" for that.
  EnvironmentVariables environment;
};

struct Setup {
  Config config;
  JsonValue catalogue_document;  // As it was read.
  Catalogue catalogue;           // As its profile prints it.
  Catalogue offered;             // Without what the configuration withholds.
};

// Every problem of every file at once. Errors: those of LoadConfigSources, ReadConfig,
// ParseCatalogue, SelectProfile and Withhold.
Result<Setup> LoadSetup(const SetupOptions& options);

// `wanted`, or else $CANDOR_STATE_FOLDER, $STATE_DIRECTORY (systemd's; the first of several),
// $XDG_STATE_HOME/candor, $HOME/.local/state/candor; "" when there is none of them.
std::string StateFolder(const std::string& wanted, const EnvironmentVariables& environment);

// `wanted`, or else $CANDOR_STATE_DATABASE; "" for the state folder.
std::string StateDatabase(const std::string& wanted, const EnvironmentVariables& environment);

// Where the counters of a state folder are.
std::string CountersPath(const std::string& state_folder);

}  // namespace candor
