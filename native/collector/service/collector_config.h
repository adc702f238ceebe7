// The collector's options, put together from a file, the environment and what was typed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/collector/service/collector_options.h"
#include "native/import/environment.h"

namespace candor {

struct CollectorSources {
  std::string file;  // JSON or YAML, "-" for standard input; "": CANDOR_COLLECTOR_CONFIG, or none.
  EnvironmentVariables environment;
  std::map<std::string, std::vector<std::string>> typed;  // By the setting's key.
};

// Later sources win over earlier ones, and every problem of each is told; what has one stays as it
// was. In the environment, lists have commas. Problems: those of ReadFile, ReadJson and ReadYaml;
// kUnknownKey, with the nearest name (of variables only where one is near: others may begin with
// CANDOR_COLLECTOR_, too); those of SetCollectorOption.
CollectorOptions ReadCollectorOptions(const CollectorSources& sources, Problems& problems);

}  // namespace candor
