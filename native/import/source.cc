#include "native/import/source.h"

#include <utility>

#include "core/json_reader.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/import/config_map.h"
#include "native/import/place.h"
#include "native/import/xml.h"

namespace candor {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

enum class Format { kJson, kYaml, kXml };

Format FormatOf(std::string_view name, std::string_view text) {
  if (name.ends_with(".json")) return Format::kJson;
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return Format::kYaml;
  if (name.ends_with(".xml")) return Format::kXml;
  text = WithoutByteOrderMark(text);
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.starts_with('<')   ? Format::kXml
         : text.starts_with('{') ? Format::kJson
                                 : Format::kYaml;
}

Result<std::vector<JsonValue>> ReadDocuments(Format format, std::string_view text) {
  if (format == Format::kYaml) return ReadYamlConfiguration(text);
  Result<JsonValue> document =
      format == Format::kXml ? ReadEngineXml(text) : ReadJson(text, {.max_bytes = kMaxConfigBytes});
  if (!document.ok()) return std::move(document).problems();
  if (format == Format::kXml) return std::vector<JsonValue>{std::move(document).value()};
  return ConfigurationsOf(document.value(), text);  // kubectl prints ConfigMaps as JSON, too.
}

}  // namespace

Result<std::vector<ConfigSource>> ParseConfigText(const std::string& name, std::string_view text) {
  Problems problems;
  if (!CheckText(text, kMaxConfigBytes, &problems)) {
    problems.SetSource(name);
    return problems;
  }
  if (WithoutByteOrderMark(text).find_first_not_of(kSpace) == std::string_view::npos) {
    return Error{ErrorCode::kMissing,
                 "",
                 "is empty; write {} for a configuration that says nothing",
                 {},
                 name};
  }
  Result<std::vector<JsonValue>> documents = ReadDocuments(FormatOf(name, text), text);
  if (!documents.ok()) {
    problems = std::move(documents).problems();
    problems.SetSource(name);
    return problems;
  }
  std::vector<ConfigSource> sources;
  for (JsonValue& document : std::move(documents).value()) {
    sources.push_back({name, std::move(document)});
  }
  return sources;
}

Result<std::vector<ConfigSource>> LoadConfigSources(std::span<const std::string> paths,
                                                    const EnvironmentVariables& environment) {
  Problems problems;
  std::vector<ConfigSource> sources;
  for (const std::string& path : paths) {
    const Result<std::string> text = ReadFile(path, kMaxConfigBytes);
    if (!text.ok()) {
      problems.AddAll(text.problems());
      continue;
    }
    Result<std::vector<ConfigSource>> read =
        ParseConfigText(path == "-" ? "standard input" : path, text.value());
    if (!read.ok()) {
      problems.AddAll(std::move(read).problems());
      continue;
    }
    for (ConfigSource& source : std::move(read).value()) sources.push_back(std::move(source));
  }
  Result<ConfigSource> variables = EnvironmentSource(environment, sources);
  if (!variables.ok()) {
    problems.AddAll(std::move(variables).problems());
  } else {
    sources.push_back(std::move(variables).value());
  }
  if (!problems.empty()) return problems;
  return sources;
}

}  // namespace candor
