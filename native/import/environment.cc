#include "native/import/environment.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "core/text.h"

namespace candor {

EnvironmentVariables ProcessEnvironment() {
  EnvironmentVariables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Result<ConfigSource> EnvironmentSource(const EnvironmentVariables& variables,
                                       std::span<const ConfigSource> documents) {
  constexpr char kName[] = "environment";
  std::vector<std::string> named;
  for (const ConfigSource& document : documents) {
    for (std::string& name : PlaceholderVariables(document)) named.push_back(std::move(name));
  }
  Problems problems;
  std::vector<JsonMember> members;
  for (const auto& [name, text] : variables) {
    const bool asked = std::find(named.begin(), named.end(), name) != named.end();
    if (!asked && !IsConfigVariable(name)) continue;
    if (FindInvalidUtf8(name) != std::string::npos) continue;  // Nothing of ours is called so.
    if (FindInvalidUtf8(text) != std::string::npos) {
      problems.Add({ErrorCode::kNotUtf8, PointerStep(name), "must be UTF-8", {}, kName});
    } else {
      members.push_back({name, JsonValue::String(text)});
    }
  }
  if (!problems.empty()) return problems;
  return ConfigSource{kName, JsonValue::Object(std::move(members)),
                      ConfigSource::Kind::kEnvironment};
}

}  // namespace candor
