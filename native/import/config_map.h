// Kubernetes ConfigMaps, as Helm charts render them: the configuration is YAML inside YAML.
#pragma once

#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

// Reads a YAML file that is a configuration, or a stream of Kubernetes objects with one ConfigMap
// that holds one (`data` with application.yaml, application.yml or environment-config.yaml, then
// application-override.yaml). Returns the configurations to be laid over each other, mostly one.
// Places and problems inside point into `text`: to the very line of a literal block, or to the
// start of a text in another style. Errors: those of ReadYaml, kMissing, kConflict, kWrongType.
Result<std::vector<JsonValue>> ReadYamlConfiguration(std::string_view text);

// The same for one object that was read already, from `text`.
Result<std::vector<JsonValue>> ConfigurationsOf(const JsonValue& document, std::string_view text);

}  // namespace candor
